// SPDX-License-Identifier: Apache-2.0
package org.openekm.core.catalog;

import java.util.AbstractCollection;
import java.util.Arrays;
import java.util.Collection;
import java.util.HashMap;
import java.util.Iterator;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.openekm.api.KeyId;

/**
 * The keys of one vault. Immutable, and cheap to change by one: the keys are spread over parts by
 * their ids, and a change copies only the parts that it touches. A vault of a hundred thousand keys
 * would otherwise take as many steps for each block.
 */
final class KeyTable {

  private static final int PARTS = 256;
  private static final KeyTable EMPTY = new KeyTable(emptyParts(), 0);

  private final Map<KeyId, KeyEntry>[] parts;
  private final int size;

  private KeyTable(Map<KeyId, KeyEntry>[] parts, int size) {
    this.parts = parts;
    this.size = size;
  }

  static KeyTable empty() {
    return EMPTY;
  }

  @Nullable KeyEntry get(KeyId id) {
    return parts[partOf(id)].get(id);
  }

  int size() {
    return size;
  }

  /** Returns all keys in no particular order. */
  Collection<KeyEntry> all() {
    return new AbstractCollection<>() {
      @Override
      public Iterator<KeyEntry> iterator() {
        return Arrays.stream(parts).flatMap(part -> part.values().stream()).iterator();
      }

      @Override
      public int size() {
        return size;
      }
    };
  }

  /** Begins a change; this table stays as it is. */
  Change change() {
    return new Change(this);
  }

  /** A table in the making. Used by one thread. */
  static final class Change {

    private final Map<KeyId, KeyEntry>[] parts;
    private final boolean[] copied = new boolean[PARTS];
    private int size;

    private Change(KeyTable before) {
      this.parts = before.parts.clone();
      this.size = before.size;
    }

    void put(KeyId id, KeyEntry key) {
      if (own(id).put(id, key) == null) {
        size++;
      }
    }

    void remove(KeyId id) {
      if (own(id).remove(id) != null) {
        size--;
      }
    }

    /** Returns the table; the change must not be used any more. */
    KeyTable done() {
      return new KeyTable(parts, size);
    }

    private Map<KeyId, KeyEntry> own(KeyId id) {
      int part = partOf(id);
      if (!copied[part]) {
        copied[part] = true;
        parts[part] = new HashMap<>(parts[part]);
      }
      return parts[part];
    }
  }

  private static int partOf(KeyId id) {
    int hash = id.hashCode();
    // The maps inside use the upper bits too; these are others.
    return (hash ^ (hash >>> 8) ^ (hash >>> 16) ^ (hash >>> 24)) & (PARTS - 1);
  }

  @SuppressWarnings({"unchecked", "rawtypes"})
  private static Map<KeyId, KeyEntry>[] emptyParts() {
    Map<KeyId, KeyEntry>[] parts = new Map[PARTS];
    Arrays.fill(parts, Map.of());
    return parts;
  }
}
