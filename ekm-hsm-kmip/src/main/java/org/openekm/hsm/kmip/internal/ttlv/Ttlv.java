// SPDX-License-Identifier: Apache-2.0
package org.openekm.hsm.kmip.internal.ttlv;

import java.math.BigInteger;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.Optional;

/**
 * One item: a tag and a value of one of eleven types. Immutable but for {@link #wipe()}. {@link
 * #toString()} shows tags and lengths, never values.
 */
public final class Ttlv {

  private final int tag;
  private final TtlvType type;
  private final Object value;
  private final List<Ttlv> children;

  /** Makes an item that has no others in it. */
  Ttlv(int tag, TtlvType type, Object value) {
    this.tag = tag;
    this.type = type;
    this.value = value;
    this.children = List.of();
  }

  /** Makes a structure. */
  Ttlv(int tag, List<Ttlv> children) {
    this.tag = tag;
    this.type = TtlvType.STRUCTURE;
    this.children = List.copyOf(children);
    this.value = this.children;
  }

  /** Returns a structure of these items in this order. */
  public static Ttlv structure(Tag tag, Ttlv... children) {
    return structure(tag, List.of(children));
  }

  /** Returns a structure of these items in this order. */
  public static Ttlv structure(Tag tag, List<Ttlv> children) {
    return new Ttlv(tag.code(), children);
  }

  /** Returns an Integer. */
  public static Ttlv integer(Tag tag, int value) {
    return new Ttlv(tag.code(), TtlvType.INTEGER, value);
  }

  /** Returns an Enumeration; values above 2^31 are negative. */
  public static Ttlv enumeration(Tag tag, int value) {
    return new Ttlv(tag.code(), TtlvType.ENUMERATION, value);
  }

  /** Returns a Boolean. */
  public static Ttlv bool(Tag tag, boolean value) {
    return new Ttlv(tag.code(), TtlvType.BOOLEAN, value);
  }

  /** Returns a Text String. */
  public static Ttlv text(Tag tag, String value) {
    return new Ttlv(tag.code(), TtlvType.TEXT_STRING, value);
  }

  /** Returns a Byte String that takes the array over without a copy. */
  public static Ttlv bytes(Tag tag, byte[] value) {
    return new Ttlv(tag.code(), TtlvType.BYTE_STRING, value);
  }

  /** Returns the tag's number. */
  public int tag() {
    return tag;
  }

  /** Returns the type. */
  public TtlvType type() {
    return type;
  }

  Object value() {
    return value;
  }

  /** Returns the same value under another tag. */
  public Ttlv withTag(Tag other) {
    return type == TtlvType.STRUCTURE
        ? new Ttlv(other.code(), children)
        : new Ttlv(other.code(), type, value);
  }

  /** Returns true if the item has this tag. */
  public boolean is(Tag other) {
    return tag == other.code();
  }

  /**
   * Returns the items of a structure.
   *
   * @throws TtlvException if it is none
   */
  public List<Ttlv> children() {
    valueOf(TtlvType.STRUCTURE);
    return children;
  }

  /** Returns the first item of a structure that has this tag. */
  public Optional<Ttlv> find(Tag wanted) {
    return children().stream().filter(child -> child.is(wanted)).findFirst();
  }

  /** Returns all items of a structure that have this tag. */
  public List<Ttlv> all(Tag wanted) {
    return children().stream().filter(child -> child.is(wanted)).toList();
  }

  /**
   * Returns the first item of a structure that has this tag.
   *
   * @throws TtlvException if there is none
   */
  public Ttlv get(Tag wanted) {
    return find(wanted)
        .orElseThrow(() -> new TtlvException(Tag.nameOf(tag) + " has no " + wanted.label()));
  }

  /** Returns an Integer. */
  public int asInteger() {
    return (Integer) valueOf(TtlvType.INTEGER);
  }

  /** Returns an Enumeration. */
  public int asEnumeration() {
    return (Integer) valueOf(TtlvType.ENUMERATION);
  }

  /** Returns a Text String. */
  public String asText() {
    return (String) valueOf(TtlvType.TEXT_STRING);
  }

  /** Returns a Boolean. */
  public boolean asBoolean() {
    return (Boolean) valueOf(TtlvType.BOOLEAN);
  }

  /** Returns the item's own bytes of a Byte String; not to be changed. */
  public byte[] asBytes() {
    return (byte[]) valueOf(TtlvType.BYTE_STRING);
  }

  /** Overwrites all byte strings with zeros. */
  public void wipe() {
    if (value instanceof byte[] bytes) {
      Arrays.fill(bytes, (byte) 0);
    }
    children.forEach(Ttlv::wipe);
  }

  private Object valueOf(TtlvType wanted) {
    if (type != wanted) {
      throw new TtlvException(Tag.nameOf(tag) + " is a " + type + ", not a " + wanted);
    }
    return value;
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof Ttlv that
        && tag == that.tag
        && type == that.type
        && Objects.deepEquals(value, that.value);
  }

  @Override
  public int hashCode() {
    return (31 * tag) + (value instanceof byte[] bytes ? Arrays.hashCode(bytes) : value.hashCode());
  }

  @Override
  public String toString() {
    String name = Tag.nameOf(tag);
    if (type == TtlvType.STRUCTURE) {
      return name + children();
    }
    if (value instanceof byte[] bytes) {
      return name + "(" + bytes.length + " bytes)";
    }
    return value instanceof BigInteger ? name + "(number)" : name + "(" + type + ")";
  }
}
