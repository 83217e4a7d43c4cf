// SPDX-License-Identifier: Apache-2.0
package org.openekm.testkit.kmip;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.UnaryOperator;
import org.openekm.testkit.kmip.KmipServerOptions.Habit;

/** The keys of a server, and who may do what with them. Thread-safe. */
final class KeyShelf {

  private final KmipServerOptions options;
  private final Map<Integer, ShelfKey> keys = new TreeMap<>();
  private int last;

  KeyShelf(KmipServerOptions options) {
    this.options = options;
  }

  synchronized ShelfKey add(Caller caller, byte[] material, List<Item> attributes) {
    for (Item attribute : attributes) {
      if (attribute.tag() == Tags.NAME && !named(caller, attribute).isEmpty()) {
        throw new Refusal(
            caller.speaks2() ? Refusal.NON_UNIQUE_NAME : Refusal.INVALID_FIELD,
            "there is an object of that name");
      }
    }
    last++;
    List<Item> all = new ArrayList<>(attributes);
    if (options.has(Habit.EXTRACTABLE_KEYS)) {
      all.removeIf(item -> item.tag() == Tags.EXTRACTABLE || item.tag() == Tags.SENSITIVE);
      all.add(Item.truth(Tags.EXTRACTABLE, true));
    }
    ShelfKey key = new ShelfKey(Integer.toString(last), caller.name(), material, all);
    keys.put(last, key);
    return key;
  }

  synchronized List<ShelfKey> named(Caller caller, Item name) {
    return keys.values().stream()
        .filter(key -> key.isOf(caller.name()) && key.state() != ShelfKey.DESTROYED)
        .filter(key -> key.hasName(name))
        .toList();
  }

  /** Returns a key that the caller may see. */
  synchronized ShelfKey find(Caller caller, String id) {
    ShelfKey key =
        keys.values().stream()
            .filter(one -> one.id().equals(id))
            .findFirst()
            .orElseThrow(() -> missing(caller));
    if (!key.isOf(caller.name())) {
      throw new Refusal(Refusal.PERMISSION_DENIED, "not this client's");
    }
    if (key.state() == ShelfKey.DESTROYED && !caller.speaks2()) {
      throw missing(caller);
    }
    return key;
  }

  private Refusal missing(Caller caller) {
    int reason = caller.speaks2() ? Refusal.OBJECT_NOT_FOUND : Refusal.ITEM_NOT_FOUND;
    return new Refusal(reason, "there is no such object");
  }

  /** Returns a key that the caller may compute with. */
  synchronized ShelfKey usable(Caller caller, String id, int use) {
    ShelfKey key = find(caller, id);
    if (key.state() == ShelfKey.DESTROYED) {
      throw new Refusal(Refusal.OBJECT_DESTROYED, "the object is destroyed");
    }
    if (key.state() != ShelfKey.ACTIVE) {
      throw new Refusal(byVersion(caller, Refusal.WRONG_STATE), "the object is not active");
    }
    if (!key.may(use)) {
      throw new Refusal(
          byVersion(caller, Refusal.INCOMPATIBLE_USAGE_MASK), "not the key's usage mask");
    }
    return key;
  }

  /** Before KMIP 2.0 one reason stands for all. */
  private int byVersion(Caller caller, int reason) {
    return caller.speaks2() && !options.has(Habit.PERMISSION_DENIED_FOR_ALL)
        ? reason
        : Refusal.PERMISSION_DENIED;
  }

  synchronized void activate(Caller caller, String id) {
    move(caller, id, ShelfKey.ACTIVE, ShelfKey.PRE_ACTIVE);
  }

  synchronized void revoke(Caller caller, String id, boolean compromised) {
    ShelfKey key = find(caller, id);
    if (compromised) {
      key.setState(ShelfKey.COMPROMISED);
      return;
    }
    move(caller, id, ShelfKey.DEACTIVATED, ShelfKey.ACTIVE);
  }

  synchronized void destroy(Caller caller, String id) {
    ShelfKey key = find(caller, id);
    if (key.state() == ShelfKey.DESTROYED) {
      throw new Refusal(Refusal.OBJECT_DESTROYED, "the object is destroyed");
    }
    if (key.state() == ShelfKey.ACTIVE) {
      throw new Refusal(byVersion(caller, Refusal.WRONG_STATE), "the object is active");
    }
    key.setState(ShelfKey.DESTROYED);
  }

  /**
   * Makes a key that replaces another, which keeps its state. Each key is replaced once, so that
   * there is one line from the first to the newest.
   */
  synchronized ShelfKey replace(Caller caller, String id, UnaryOperator<byte[]> material) {
    ShelfKey key = find(caller, id);
    if (key.state() == ShelfKey.DESTROYED) {
      throw new Refusal(Refusal.OBJECT_DESTROYED, "the object is destroyed");
    }
    if (key.state() == ShelfKey.COMPROMISED || key.isReplaced()) {
      throw new Refusal(byVersion(caller, Refusal.WRONG_STATE), "the object can't be replaced");
    }
    last++;
    ShelfKey next = key.replacement(Integer.toString(last), material.apply(key.material()));
    keys.put(last, next);
    return next;
  }

  private void move(Caller caller, String id, int to, int from) {
    ShelfKey key = find(caller, id);
    if (key.state() != from) {
      throw new Refusal(byVersion(caller, Refusal.WRONG_STATE), "not in this state");
    }
    key.setState(to);
  }

  synchronized void setState(String id, int state) {
    keys.values().stream().filter(one -> one.id().equals(id)).forEach(one -> one.setState(state));
  }

  synchronized long count(int state) {
    return keys.values().stream().filter(one -> one.state() == state).count();
  }
}
