// SPDX-License-Identifier: Apache-2.0
package org.openekm.testkit.kmip;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/** One item on the wire: tag, type, and either others or bytes. Immutable. */
final class Item {

  private static final int STRUCTURE = 1;
  private static final int INTEGER = 2;
  private static final int ENUMERATION = 5;
  private static final int BOOLEAN = 6;
  private static final int TEXT = 7;
  private static final int BYTES = 8;
  private static final int DATE_TIME = 9;

  private static final int HEADER = 8;
  private static final int MOST_DEPTH = 20;

  private final int tag;
  private final int type;
  private final byte[] value;
  private final List<Item> items;

  private Item(int tag, int type, byte[] value, List<Item> items) {
    this.tag = tag;
    this.type = type;
    this.value = value;
    this.items = List.copyOf(items);
  }

  static Item of(int tag, Item... items) {
    return of(tag, List.of(items));
  }

  static Item of(int tag, List<Item> items) {
    return new Item(tag, STRUCTURE, new byte[0], items);
  }

  static Item number(int tag, int value) {
    return new Item(tag, INTEGER, ByteBuffer.allocate(4).putInt(value).array(), List.of());
  }

  static Item choice(int tag, int value) {
    return new Item(tag, ENUMERATION, ByteBuffer.allocate(4).putInt(value).array(), List.of());
  }

  static Item text(int tag, String value) {
    return new Item(tag, TEXT, value.getBytes(UTF_8), List.of());
  }

  static Item bytes(int tag, byte[] value) {
    return new Item(tag, BYTES, value.clone(), List.of());
  }

  static Item truth(int tag, boolean value) {
    byte[] bytes = ByteBuffer.allocate(8).putLong(value ? 1 : 0).array();
    return new Item(tag, BOOLEAN, bytes, List.of());
  }

  static Item time(int tag, long seconds) {
    return new Item(tag, DATE_TIME, ByteBuffer.allocate(8).putLong(seconds).array(), List.of());
  }

  int tag() {
    return tag;
  }

  List<Item> items() {
    return items;
  }

  Optional<Item> find(int wanted) {
    return items.stream().filter(item -> item.tag == wanted).findFirst();
  }

  List<Item> all(int wanted) {
    return items.stream().filter(item -> item.tag == wanted).toList();
  }

  /**
   * Returns the item of this tag.
   *
   * @throws Refusal as the server refuses a request without it
   */
  Item get(int wanted) {
    return find(wanted)
        .orElseThrow(() -> new Refusal(Refusal.INVALID_MESSAGE, "a field is missing"));
  }

  int asNumber() {
    return fixed(Integer.BYTES).getInt();
  }

  long asLong() {
    return fixed(Long.BYTES).getLong();
  }

  private ByteBuffer fixed(int length) {
    if (value.length != length) {
      throw new Refusal(Refusal.INVALID_MESSAGE, "a field has another type");
    }
    return ByteBuffer.wrap(value);
  }

  boolean asTruth() {
    return asLong() != 0;
  }

  String asText() {
    return new String(value, UTF_8);
  }

  byte[] asBytes() {
    return value.clone();
  }

  Item withTag(int other) {
    return new Item(other, type, value, items);
  }

  boolean sameValue(Item other) {
    return type == other.type
        && Arrays.equals(value, other.value)
        && items.size() == other.items.size()
        && sameItems(other);
  }

  private boolean sameItems(Item other) {
    for (int i = 0; i < items.size(); i++) {
      if (items.get(i).tag != other.items.get(i).tag
          || !items.get(i).sameValue(other.items.get(i))) {
        return false;
      }
    }
    return true;
  }

  byte[] encoded() {
    ByteBuffer out = ByteBuffer.allocate(HEADER + padded(length()));
    write(out);
    return out.array();
  }

  private int length() {
    return type == STRUCTURE
        ? items.stream().mapToInt(item -> HEADER + padded(item.length())).sum()
        : value.length;
  }

  private void write(ByteBuffer out) {
    out.put((byte) (tag >> 16)).put((byte) (tag >> 8)).put((byte) tag).put((byte) type);
    out.putInt(length());
    int end = out.position() + padded(length());
    out.put(value);
    items.forEach(item -> item.write(out));
    out.position(end);
  }

  /**
   * Reads a message.
   *
   * @throws Refusal if it is none
   */
  static Item decoded(byte[] message) {
    try {
      ByteBuffer in = ByteBuffer.wrap(message);
      Item item = read(in, message.length, 0);
      if (in.hasRemaining()) {
        throw new Refusal(Refusal.INVALID_MESSAGE, "bytes after the message");
      }
      return item;
    } catch (BufferUnderflowException | IllegalArgumentException e) {
      throw new Refusal(Refusal.INVALID_MESSAGE, "the message is damaged");
    }
  }

  /** Reads the next item, which must not reach beyond what it is in. */
  private static Item read(ByteBuffer in, int limit, int depth) {
    int head = in.getInt();
    int length = in.getInt();
    int left = limit - in.position();
    if (length < 0 || length > left || padded(length) > left || depth > MOST_DEPTH) {
      throw new Refusal(Refusal.INVALID_MESSAGE, "a length is wrong");
    }
    int end = in.position() + padded(length);
    int tag = head >>> 8;
    int type = head & 0xFF;
    if (type != STRUCTURE) {
      byte[] value = new byte[length];
      in.get(value);
      in.position(end);
      return new Item(tag, type, value, List.of());
    }
    List<Item> items = new ArrayList<>();
    while (in.position() < end) {
      items.add(read(in, end, depth + 1));
    }
    return new Item(tag, type, new byte[0], items);
  }

  private static int padded(int length) {
    return (length + 7) / 8 * 8;
  }
}
