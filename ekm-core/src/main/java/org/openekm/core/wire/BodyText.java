// SPDX-License-Identifier: Apache-2.0
package org.openekm.core.wire;

import java.util.Arrays;
import org.openekm.api.EkmException;

/**
 * Decodes the base64 strings of a JSON body where they stand. The parser only says where a string
 * begins; its text is never copied into the parser's buffers, which are pooled and would keep
 * plaintext. Immutable and thread-safe.
 */
final class BodyText {

  private static final byte ILLEGAL = (byte) 0x80;

  private final Base64Decoder decoder;

  BodyText(Base64Decoder decoder) {
    this.decoder = decoder;
  }

  /**
   * Returns the index of the quote that ends the string that starts after {@code quote}; -1 if
   * there is none.
   */
  static int closingQuote(byte[] body, int quote) {
    for (int i = quote + 1; i < body.length; i++) {
      if (body[i] == '"') {
        return i;
      }
      if (body[i] == '\\') {
        i++;
      }
    }
    return -1;
  }

  /** Returns what the string between the indices stands for, at most {@code mostBytes} bytes. */
  byte[] base64(byte[] body, int from, int to, FieldLimit limit) {
    if (hasEscape(body, from, to)) {
      byte[] text = new byte[to - from];
      int length = unescape(body, from, to, text);
      try {
        return decode(text, 0, length, limit);
      } finally {
        Arrays.fill(text, (byte) 0);
      }
    }
    return decode(body, from, to, limit);
  }

  private byte[] decode(byte[] text, int from, int to, FieldLimit limit) {
    // a little more is decoded than allowed, so that the exact length can be judged below
    if (Base64Decoder.mostBytes(to - from) > limit.mostBytes() + 3) {
      throw EkmException.tooLarge(limit.name(), limit.rule());
    }
    byte[] bytes = decoder.decode(text, from, to, limit.name());
    if (bytes.length > limit.mostBytes()) {
      Arrays.fill(bytes, (byte) 0);
      throw EkmException.tooLarge(limit.name(), limit.rule());
    }
    return bytes;
  }

  private static boolean hasEscape(byte[] body, int from, int to) {
    for (int i = from; i < to; i++) {
      if (body[i] == '\\') {
        return true;
      }
    }
    return false;
  }

  /**
   * Resolves JSON escapes; whatever can't be base64 becomes a byte that isn't. Returns the length.
   */
  private static int unescape(byte[] body, int from, int to, byte[] text) {
    int length = 0;
    int i = from;
    while (i < to) {
      if (body[i] != '\\') {
        text[length++] = body[i++];
      } else if (i + 1 < to && body[i + 1] == '/') {
        text[length++] = '/';
        i += 2;
      } else if (i + 5 < to && body[i + 1] == 'u') {
        text[length++] = asciiOfHex(body, i + 2);
        i += 6;
      } else {
        text[length++] = ILLEGAL;
        i += 2;
      }
    }
    return length;
  }

  private static byte asciiOfHex(byte[] body, int from) {
    int code = 0;
    for (int i = from; i < from + 4; i++) {
      int digit = Character.digit(body[i], 16);
      if (digit < 0) {
        return ILLEGAL;
      }
      code = code * 16 + digit;
    }
    return code < 0x80 ? (byte) code : ILLEGAL;
  }

  /**
   * The name of a field and the most that it may hold.
   *
   * @param name the profile's name, for error texts
   * @param mostBytes after decoding
   */
  record FieldLimit(String name, int mostBytes) {

    String rule() {
      return "must be at most " + mostBytes + " bytes";
    }
  }
}
