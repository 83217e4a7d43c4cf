// SPDX-License-Identifier: Apache-2.0
package org.openekm.hsm.kmip.internal.ttlv;

import java.math.BigInteger;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;

/**
 * Writes items. The size is counted first, so that no half-filled buffer with secrets is left
 * behind.
 */
public final class TtlvEncoder {

  static final int HEADER = 8;
  private static final int ALIGNMENT = 8;

  private TtlvEncoder() {}

  /** Returns the item's bytes, which the caller wipes if they hold a secret. */
  public static byte[] encode(Ttlv item) {
    ByteBuffer out = ByteBuffer.allocate(HEADER + padded(length(item)));
    write(out, item);
    return out.array();
  }

  private static int length(Ttlv item) {
    int fixed = item.type().fixedLength();
    if (fixed >= 0) {
      return fixed;
    }
    return switch (item.type()) {
      case STRUCTURE ->
          item.children().stream().mapToInt(child -> HEADER + padded(length(child))).sum();
      case BIG_INTEGER -> bigLength((BigInteger) item.value());
      case TEXT_STRING -> utf8(item).length;
      default -> ((byte[]) item.value()).length;
    };
  }

  private static void write(ByteBuffer out, Ttlv item) {
    int length = length(item);
    out.putInt((item.tag() << 8) | item.type().code());
    out.putInt(length);
    int start = out.position();
    switch (item.type()) {
      case STRUCTURE -> item.children().forEach(child -> write(out, child));
      case INTEGER, ENUMERATION, INTERVAL -> out.putInt((Integer) item.value());
      case LONG_INTEGER, DATE_TIME, DATE_TIME_EXTENDED -> out.putLong((Long) item.value());
      case BOOLEAN -> out.putLong(item.asBoolean() ? 1 : 0);
      case BIG_INTEGER -> out.put(bigBytes((BigInteger) item.value()));
      case TEXT_STRING -> out.put(utf8(item));
      default -> out.put((byte[]) item.value());
    }
    out.position(start + padded(length));
  }

  static int padded(int length) {
    return (length + ALIGNMENT - 1) / ALIGNMENT * ALIGNMENT;
  }

  private static byte[] utf8(Ttlv item) {
    return item.asText().getBytes(StandardCharsets.UTF_8);
  }

  private static int bigLength(BigInteger value) {
    return padded(value.toByteArray().length);
  }

  private static byte[] bigBytes(BigInteger value) {
    byte[] shortest = value.toByteArray();
    byte[] bytes = new byte[bigLength(value)];
    int free = bytes.length - shortest.length;
    java.util.Arrays.fill(bytes, 0, free, (byte) (value.signum() < 0 ? -1 : 0));
    System.arraycopy(shortest, 0, bytes, free, shortest.length);
    return bytes;
  }
}
