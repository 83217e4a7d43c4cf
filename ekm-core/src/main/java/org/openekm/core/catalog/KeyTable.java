// SPDX-License-Identifier: Apache-2.0
package org.openekm.core.catalog;

import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.openekm.api.KeyId;
import org.openekm.api.KeyState;
import org.openekm.spi.backend.BackendKeyRef;
import org.openekm.spi.store.KeyVersionRecord;

/**
 * The keys of one vault, to be found by id, by name and by the material that they live on, each in
 * a time that does not depend on their number. Immutable, and cheap to change by one.
 */
final class KeyTable {

  private static final KeyTable EMPTY =
      new KeyTable(PartedMap.empty(), PartedMap.empty(), PartedMap.empty());

  private final PartedMap<KeyId, KeyEntry> keys;

  /** A damaged store may have several keys of one name; none of them is lost. */
  private final PartedMap<String, List<KeyId>> names;

  /** How many versions live on a piece of material. */
  private final PartedMap<Material, Integer> materials;

  private record Material(String backend, BackendKeyRef ref) {

    static Material of(KeyVersionRecord version) {
      return new Material(version.backend(), version.ref());
    }
  }

  private KeyTable(
      PartedMap<KeyId, KeyEntry> keys,
      PartedMap<String, List<KeyId>> names,
      PartedMap<Material, Integer> materials) {
    this.keys = keys;
    this.names = names;
    this.materials = materials;
  }

  static KeyTable empty() {
    return EMPTY;
  }

  @Nullable KeyEntry get(KeyId id) {
    return keys.get(id);
  }

  /** Returns the key of this name that is not destroyed. */
  Optional<KeyEntry> named(String name) {
    return Optional.ofNullable(names.get(name)).map(ids -> keys.get(ids.get(0)));
  }

  /** Returns true if a version that is not destroyed lives on the material of this one. */
  boolean usesMaterialOf(KeyVersionRecord version) {
    return materials.get(Material.of(version)) != null;
  }

  int size() {
    return keys.size();
  }

  /** Returns all keys in no particular order. */
  Collection<KeyEntry> all() {
    return keys.values();
  }

  /** Begins a change; this table stays as it is. */
  Change change() {
    return new Change(this);
  }

  /** A table in the making. Used by one thread. */
  static final class Change {

    private final PartedMap.Change<KeyId, KeyEntry> keys;
    private final PartedMap.Change<String, List<KeyId>> names;
    private final PartedMap.Change<Material, Integer> materials;

    private Change(KeyTable before) {
      this.keys = before.keys.change();
      this.names = before.names.change();
      this.materials = before.materials.change();
    }

    void put(KeyId id, KeyEntry key) {
      KeyEntry before = keys.put(id, key);
      if (before != null && isFoundAlike(before, key)) {
        return;
      }
      if (before != null) {
        forget(id, before);
      }
      if (isAlive(key)) {
        List<KeyId> others = names.get(key.record().name());
        names.put(key.record().name(), others == null ? List.of(id) : with(others, id));
      }
      for (KeyVersionRecord version : key.newestFirst()) {
        count(version, 1);
      }
    }

    void remove(KeyId id) {
      KeyEntry before = keys.remove(id);
      if (before != null) {
        forget(id, before);
      }
    }

    /** Returns the table; the change must not be used any more. */
    KeyTable done() {
      return new KeyTable(keys.done(), names.done(), materials.done());
    }

    private void forget(KeyId id, KeyEntry before) {
      String name = before.record().name();
      List<KeyId> present = names.get(name);
      if (isAlive(before) && present != null) {
        List<KeyId> left = present.stream().filter(each -> !each.equals(id)).toList();
        if (left.isEmpty()) {
          names.remove(name);
        } else {
          names.put(name, left);
        }
      }
      for (KeyVersionRecord version : before.newestFirst()) {
        count(version, -1);
      }
    }

    private void count(KeyVersionRecord version, int more) {
      if (version.state() == KeyState.DESTROYED) {
        return;
      }
      Material material = Material.of(version);
      Integer before = materials.get(material);
      int after = (before == null ? 0 : before) + more;
      if (after == 0) {
        materials.remove(material);
      } else {
        materials.put(material, after);
      }
    }

    private static boolean isFoundAlike(KeyEntry before, KeyEntry after) {
      return isAlive(before) == isAlive(after)
          && before.record().name().equals(after.record().name())
          && before.newestFirst().equals(after.newestFirst());
    }

    private static boolean isAlive(KeyEntry key) {
      return key.record().state() != KeyState.DESTROYED;
    }

    private static List<KeyId> with(List<KeyId> others, KeyId id) {
      List<KeyId> all = new ArrayList<>(others);
      all.add(id);
      return all;
    }
  }
}
