// SPDX-License-Identifier: Apache-2.0
package org.openekm.api;

import java.util.Arrays;
import java.util.HexFormat;

/**
 * An immutable sequence of bytes that are not secret: ciphertext, initialization vectors, tags,
 * additional authenticated data.
 *
 * <p>Immutable and thread-safe. {@link #toString()} shows the length only, so that data never gets
 * into a log by accident.
 */
public final class Bytes {

  private static final Bytes EMPTY = new Bytes(new byte[0]);

  private final byte[] value;

  private Bytes(byte[] value) {
    this.value = value;
  }

  /** Returns the empty sequence. */
  public static Bytes empty() {
    return EMPTY;
  }

  /** Returns a sequence that holds a copy of the array. */
  public static Bytes copyOf(byte[] value) {
    return value.length == 0 ? EMPTY : new Bytes(value.clone());
  }

  /**
   * Returns a sequence that holds a copy of {@code length} bytes of the array, from {@code offset}
   * on.
   */
  public static Bytes copyOf(byte[] value, int offset, int length) {
    return length == 0 ? EMPTY : new Bytes(Arrays.copyOfRange(value, offset, offset + length));
  }

  /**
   * Returns a sequence that takes the array over without a copy. The caller must not touch the
   * array afterwards.
   */
  public static Bytes adopt(byte[] value) {
    return value.length == 0 ? EMPTY : new Bytes(value);
  }

  /** Returns the bytes that the hexadecimal digits stand for, two digits a byte. */
  public static Bytes ofHex(String digits) {
    return adopt(HexFormat.of().parseHex(digits));
  }

  /** Returns the number of bytes. */
  public int length() {
    return value.length;
  }

  /** Returns true if there are no bytes. */
  public boolean isEmpty() {
    return value.length == 0;
  }

  /** Returns the byte at the index, from 0 on. */
  public byte at(int index) {
    return value[index];
  }

  /** Returns a copy of {@code length} bytes from {@code offset} on. */
  public Bytes slice(int offset, int length) {
    return copyOf(value, offset, length);
  }

  /** Returns the bytes in a new array. */
  public byte[] toByteArray() {
    return value.clone();
  }

  /** Copies all bytes into {@code target} from {@code offset} on. */
  public void copyTo(byte[] target, int offset) {
    System.arraycopy(value, 0, target, offset, value.length);
  }

  /** Returns the bytes as lower-case hexadecimal digits. */
  public String toHex() {
    return HexFormat.of().formatHex(value);
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof Bytes that && Arrays.equals(value, that.value);
  }

  @Override
  public int hashCode() {
    return Arrays.hashCode(value);
  }

  @Override
  public String toString() {
    return "Bytes[" + value.length + "]";
  }
}
