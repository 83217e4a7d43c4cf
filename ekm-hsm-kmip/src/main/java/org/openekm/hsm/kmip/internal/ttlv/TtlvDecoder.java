// SPDX-License-Identifier: Apache-2.0
package org.openekm.hsm.kmip.internal.ttlv;

import java.math.BigInteger;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/**
 * Reads items. Takes exactly what the standard allows: right lengths, zeros as padding, valid
 * UTF-8, nothing left over; and no more than its limits. Throws {@link TtlvException} only.
 */
public final class TtlvDecoder {

  private final ByteBuffer in;
  private final TtlvLimits limits;
  private int items;

  private TtlvDecoder(byte[] message, TtlvLimits limits) {
    this.in = ByteBuffer.wrap(message);
    this.limits = limits;
  }

  /**
   * Reads one item that fills the array. Byte strings are copies: the caller may wipe the array.
   *
   * @throws TtlvException if the bytes are anything else
   */
  public static Ttlv decode(byte[] message, TtlvLimits limits) {
    if (message.length > limits.maxBytes()) {
      throw new TtlvException("a message of more than " + limits.maxBytes() + " bytes");
    }
    TtlvDecoder decoder = new TtlvDecoder(message, limits);
    Ttlv item = decoder.item(message.length, 1);
    if (decoder.in.hasRemaining()) {
      throw new TtlvException("bytes after the end of the message");
    }
    return item;
  }

  /** Reads an item that must end before {@code end}. */
  private Ttlv item(int end, int depth) {
    items++;
    if (items > limits.maxItems()) {
      throw new TtlvException("more than " + limits.maxItems() + " items");
    }
    if (depth > limits.maxDepth()) {
      throw new TtlvException("structures deeper than " + limits.maxDepth());
    }
    if (end - in.position() < TtlvEncoder.HEADER) {
      throw new TtlvException("an item without a whole header");
    }
    int head = in.getInt();
    int tag = head >>> 8;
    TtlvType type = TtlvType.of(head & 0xFF);
    int length = in.getInt();
    checkLength(type, length, end - in.position());
    int next = in.position() + TtlvEncoder.padded(length);
    if (type == TtlvType.STRUCTURE) {
      return new Ttlv(tag, children(in.position() + length, depth));
    }
    Ttlv item = new Ttlv(tag, type, value(type, length));
    skipPadding(next);
    return item;
  }

  private static void checkLength(TtlvType type, int length, int left) {
    boolean fits = length >= 0 && length <= left && TtlvEncoder.padded(length) <= left;
    if (!fits) {
      throw new TtlvException("a value longer than what holds it");
    }
    boolean right =
        switch (type) {
          case STRUCTURE -> length % 8 == 0;
          case BIG_INTEGER -> length % 8 == 0 && length > 0;
          case TEXT_STRING, BYTE_STRING -> true;
          default -> length == type.fixedLength();
        };
    if (!right) {
      throw new TtlvException("a " + type + " of " + length + " bytes");
    }
  }

  private Object value(TtlvType type, int length) {
    return switch (type) {
      case INTEGER, ENUMERATION, INTERVAL -> in.getInt();
      case LONG_INTEGER, DATE_TIME, DATE_TIME_EXTENDED -> in.getLong();
      case BOOLEAN -> truth(in.getLong());
      case BIG_INTEGER -> new BigInteger(bytes(length));
      case TEXT_STRING -> text(bytes(length));
      default -> bytes(length);
    };
  }

  private List<Ttlv> children(int end, int depth) {
    List<Ttlv> children = new ArrayList<>();
    while (in.position() < end) {
      children.add(item(end, depth + 1));
    }
    return children;
  }

  private static Boolean truth(long value) {
    if (value != 0 && value != 1) {
      throw new TtlvException("a Boolean that is neither 0 nor 1");
    }
    return value == 1;
  }

  private byte[] bytes(int length) {
    byte[] bytes = new byte[length];
    in.get(bytes);
    return bytes;
  }

  private static String text(byte[] bytes) {
    try {
      return StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes)).toString();
    } catch (CharacterCodingException e) {
      throw new TtlvException("a Text String that is no UTF-8");
    }
  }

  private void skipPadding(int next) {
    while (in.position() < next) {
      if (in.get() != 0) {
        throw new TtlvException("padding that is not zero");
      }
    }
  }
}
