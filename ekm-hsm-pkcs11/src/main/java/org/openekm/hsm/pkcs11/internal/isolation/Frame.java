// SPDX-License-Identifier: Apache-2.0
package org.openekm.hsm.pkcs11.internal.isolation;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;

/**
 * One message: four bytes with the length of what follows, one byte with the type, the content.
 * Numbers are big-endian; texts and byte arrays have their length before them. The memory is our
 * own and outside the heap, so that secrets in it can be wiped for good. Used by one thread at a
 * time.
 */
final class Frame {

  /** The longest content: a plaintext of 1 MiB, additional data of as much, and the rest. */
  static final int MAX = (2 << 20) + 4096;

  /** The length and the type. */
  static final int HEADER = Integer.BYTES + 1;

  private static final int FIRST_SIZE = 8 * 1024;
  private static final byte[] ZEROS = new byte[4096];

  private ByteBuffer buffer = ByteBuffer.allocateDirect(FIRST_SIZE);

  /** How far the memory has been written since it was last wiped. */
  private int used;

  /** Begins a message. */
  Frame start(byte type) {
    buffer.clear();
    buffer.putInt(0);
    buffer.put(type);
    return this;
  }

  Frame put(long value) {
    ensure(Long.BYTES);
    buffer.putLong(value);
    return this;
  }

  Frame put(byte value) {
    ensure(1);
    buffer.put(value);
    return this;
  }

  Frame put(byte[] value) {
    ensure(Integer.BYTES + value.length);
    buffer.putInt(value.length);
    buffer.put(value);
    return this;
  }

  Frame put(String value) {
    return put(value.getBytes(UTF_8));
  }

  /** Ends the message and returns it, ready to be sent. */
  ByteBuffer finish() {
    buffer.putInt(0, buffer.position() - Integer.BYTES);
    buffer.flip();
    used = Math.max(used, buffer.limit());
    return buffer;
  }

  /**
   * Makes room for what comes and returns it: first for the length alone, then, with {@code
   * length}, for the rest.
   */
  ByteBuffer room(int length) {
    buffer.clear();
    ensure(length);
    buffer.limit(length);
    used = Math.max(used, length);
    return buffer;
  }

  /**
   * Returns how long the rest is, from the length that was received.
   *
   * @throws ProtocolException if it is out of range
   */
  int restLength() {
    int length = buffer.flip().getInt();
    if (length < 1 || length > MAX) {
      throw new ProtocolException("a message of " + length + " bytes");
    }
    return length;
  }

  /** Begins reading what was received and returns its type. */
  byte open() {
    buffer.flip();
    return getByte();
  }

  byte getByte() {
    try {
      return buffer.get();
    } catch (BufferUnderflowException e) {
      throw tooShort();
    }
  }

  long getLong() {
    try {
      return buffer.getLong();
    } catch (BufferUnderflowException e) {
      throw tooShort();
    }
  }

  byte[] getBytes() {
    try {
      int length = buffer.getInt();
      if (length < 0 || length > buffer.remaining()) {
        throw new ProtocolException("a field of " + length + " bytes in a shorter message");
      }
      byte[] value = new byte[length];
      buffer.get(value);
      return value;
    } catch (BufferUnderflowException e) {
      throw tooShort();
    }
  }

  String getString() {
    return new String(getBytes(), UTF_8);
  }

  /** Makes sure that everything has been read. */
  void end() {
    if (buffer.hasRemaining()) {
      throw new ProtocolException(buffer.remaining() + " bytes too many in a message");
    }
  }

  /** Overwrites what was written or received with zeros. */
  void wipe() {
    int end = Math.max(used, Math.min(buffer.position(), buffer.capacity()));
    buffer.clear();
    for (int left = end; left > 0; left -= ZEROS.length) {
      buffer.put(ZEROS, 0, Math.min(left, ZEROS.length));
    }
    used = 0;
  }

  private void ensure(int more) {
    if (buffer.remaining() >= more) {
      return;
    }
    int needed = buffer.position() + more;
    if (needed > MAX + HEADER) {
      throw new ProtocolException("a message of more than " + MAX + " bytes");
    }
    ByteBuffer larger =
        ByteBuffer.allocateDirect(Math.min(MAX + HEADER, Math.max(needed, buffer.capacity() * 2)));
    int position = buffer.position();
    used = Math.max(used, position);
    buffer.flip();
    larger.put(buffer);
    int before = used;
    wipe();
    used = before;
    buffer = larger;
  }

  private static ProtocolException tooShort() {
    return new ProtocolException("a message ends in the middle of a field");
  }
}
