// SPDX-License-Identifier: Apache-2.0
package org.openekm.api;

import java.security.MessageDigest;
import java.util.Arrays;
import java.util.function.Function;

/**
 * Bytes that must not leak: plaintext, key material, PINs, client secrets.
 *
 * <p>The content never shows in {@link #toString()}, compares in constant time, can't be
 * serialized, and is overwritten with zeros by {@link #destroy()}. Thread-safe; whoever reads while
 * another thread destroys sees either the secret or an {@link IllegalStateException}, never
 * half-wiped bytes.
 *
 * <p>Whoever is handed a {@code SecretBytes} as a result owns it and destroys it, best by
 * try-with-resources.
 */
public final class SecretBytes implements AutoCloseable {

  private final byte[] value;
  private boolean destroyed;

  private SecretBytes(byte[] value) {
    this.value = value;
  }

  /** Returns a secret that holds a copy of the array; the caller wipes the original. */
  public static SecretBytes copyOf(byte[] value) {
    return new SecretBytes(value.clone());
  }

  /**
   * Returns a secret that takes the array over without a copy. The caller must not touch the array
   * afterwards.
   */
  public static SecretBytes adopt(byte[] value) {
    return new SecretBytes(value);
  }

  /** Returns the number of bytes; known even after destruction. */
  public int length() {
    return value.length;
  }

  /**
   * Hands the secret's own array to {@code reader} and returns what that gives. The reader must
   * neither change nor keep the array. The secret can't be destroyed meanwhile.
   *
   * @throws IllegalStateException if the secret has been destroyed
   */
  public synchronized <T> T read(Function<byte[], T> reader) {
    if (destroyed) {
      throw new IllegalStateException("this secret has been destroyed");
    }
    return reader.apply(value);
  }

  /**
   * Returns the secret in a new array, which the caller wipes.
   *
   * @throws IllegalStateException if the secret has been destroyed
   */
  public byte[] toByteArray() {
    return read(byte[]::clone);
  }

  /** Returns a second, independent secret of the same content. */
  public SecretBytes copy() {
    return adopt(toByteArray());
  }

  /** Overwrites the content with zeros. May be called repeatedly. */
  public synchronized void destroy() {
    Arrays.fill(value, (byte) 0);
    destroyed = true;
  }

  /** Returns true after {@link #destroy()}. */
  public synchronized boolean isDestroyed() {
    return destroyed;
  }

  /** Same as {@link #destroy()}. */
  @Override
  public void close() {
    destroy();
  }

  /**
   * Compares in time that depends on the lengths only. A destroyed secret equals nothing but
   * itself.
   */
  @Override
  public boolean equals(Object other) {
    if (this == other) {
      return true;
    }
    if (!(other instanceof SecretBytes that) || isDestroyed() || that.isDestroyed()) {
      return false;
    }
    byte[] theirs = that.toByteArray();
    try {
      return read(mine -> MessageDigest.isEqual(mine, theirs));
    } finally {
      Arrays.fill(theirs, (byte) 0);
    }
  }

  /** Depends on the length only, so that it tells nothing about the content. */
  @Override
  public int hashCode() {
    return value.length;
  }

  @Override
  public String toString() {
    return "SecretBytes[redacted]";
  }
}
