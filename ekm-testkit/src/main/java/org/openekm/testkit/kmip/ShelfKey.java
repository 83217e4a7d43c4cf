// SPDX-License-Identifier: Apache-2.0
package org.openekm.testkit.kmip;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/** One key: its attributes, as since KMIP 2.0, its state and its material. Guarded by its shelf. */
final class ShelfKey {

  static final int PRE_ACTIVE = 1;
  static final int ACTIVE = 2;
  static final int DEACTIVATED = 3;
  static final int COMPROMISED = 4;
  static final int DESTROYED = 5;

  private static final int REPLACEMENT = 0x106;
  private static final int REPLACED = 0x107;

  private final String id;
  private final String owner;
  private final byte[] material;
  private final List<Item> attributes;
  private int state;

  ShelfKey(String id, String owner, byte[] material, List<Item> attributes) {
    this.id = id;
    this.owner = owner;
    this.material = material.clone();
    this.attributes = new ArrayList<>(attributes);
    this.state =
        attribute(Tags.ACTIVATION_DATE)
            .filter(date -> date.asLong() <= System.currentTimeMillis() / 1000)
            .map(date -> ACTIVE)
            .orElse(PRE_ACTIVE);
  }

  String id() {
    return id;
  }

  boolean isOf(String client) {
    return owner.equals(client);
  }

  byte[] material() {
    return material.clone();
  }

  int state() {
    return state;
  }

  void setState(int next) {
    state = next;
    if (next == DESTROYED) {
      Arrays.fill(material, (byte) 0);
    }
  }

  int bits() {
    return material.length * 8;
  }

  Optional<Item> attribute(int tag) {
    return switch (tag) {
      case Tags.STATE -> Optional.of(Item.choice(Tags.STATE, state));
      case Tags.OBJECT_TYPE -> Optional.of(Item.choice(Tags.OBJECT_TYPE, 2));
      default -> attributes.stream().filter(item -> item.tag() == tag).findFirst();
    };
  }

  /**
   * Returns a key to replace this one: it takes the name, is active if this one is, and each knows
   * of the other.
   */
  ShelfKey replacement(String newId, byte[] newMaterial) {
    List<Item> taken = new ArrayList<>(attributes);
    taken.removeIf(item -> item.tag() == Tags.ACTIVATION_DATE || item.tag() == Tags.LINK);
    taken.add(link(REPLACED, id));
    ShelfKey next = new ShelfKey(newId, owner, newMaterial, taken);
    next.state = state == ACTIVE ? ACTIVE : PRE_ACTIVE;
    attributes.removeIf(item -> item.tag() == Tags.NAME);
    attributes.add(link(REPLACEMENT, newId));
    return next;
  }

  boolean isReplaced() {
    return attributes.stream()
        .filter(item -> item.tag() == Tags.LINK)
        .anyMatch(item -> item.get(Tags.LINK_TYPE).asNumber() == REPLACEMENT);
  }

  private static Item link(int type, String other) {
    return Item.of(
        Tags.LINK, Item.choice(Tags.LINK_TYPE, type), Item.text(Tags.LINKED_OBJECT, other));
  }

  boolean may(int use) {
    return attribute(Tags.USAGE_MASK).map(mask -> (mask.asNumber() & use) == use).orElse(false);
  }

  boolean hasName(Item name) {
    return attributes.stream().anyMatch(item -> item.tag() == Tags.NAME && item.sameValue(name));
  }
}
