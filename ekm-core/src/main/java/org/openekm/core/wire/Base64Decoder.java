// SPDX-License-Identifier: Apache-2.0
package org.openekm.core.wire;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.openekm.api.EkmException;

/**
 * Reads base64 text out of a request body, and says at which byte it goes wrong: OCI's error
 * contract names that offset. The offset is counted as the Go language's decoder counts it, since
 * that is where the contract's text comes from. Bits that stand for nothing at the end must be
 * zero, so that one value has one text. Immutable and thread-safe.
 */
final class Base64Decoder {

  private static final String ALPHABET =
      "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
  private static final int QUANTUM = 4;

  private final byte[] values = new byte[256];
  private final boolean paddingOptional;

  /**
   * Makes a decoder of the standard alphabet.
   *
   * @param paddingOptional true to take text whose {@code =} at the end are missing
   * @param urlSafe true to take {@code -} for {@code +} and {@code _} for {@code /} as well
   */
  Base64Decoder(boolean paddingOptional, boolean urlSafe) {
    this.paddingOptional = paddingOptional;
    Arrays.fill(values, (byte) -1);
    byte[] alphabet = ALPHABET.getBytes(StandardCharsets.US_ASCII);
    for (byte i = 0; i < alphabet.length; i++) {
      values[alphabet[i]] = i;
    }
    if (urlSafe) {
      values['-'] = values['+'];
      values['_'] = values['/'];
    }
  }

  /** Returns how many bytes a text of so many characters can stand for at most. */
  static int mostBytes(int characters) {
    return (int) ((characters * 3L + 3) / QUANTUM);
  }

  /**
   * Returns the bytes that {@code text[from..to)} stands for, in a new array of just that length.
   *
   * @throws EkmException if the text is not base64; what was decoded until then has been wiped
   */
  byte[] decode(byte[] text, int from, int to, String field) {
    byte[] result = new byte[decodedLength(text, from, to)];
    int in = from;
    int out = 0;
    while (to - in > QUANTUM) {
      int bits =
          (value(text[in]) << 18)
              | (value(text[in + 1]) << 12)
              | (value(text[in + 2]) << 6)
              | value(text[in + 3]);
      if (bits < 0) {
        break;
      }
      result[out] = (byte) (bits >> 16);
      result[out + 1] = (byte) (bits >> 8);
      result[out + 2] = (byte) bits;
      in += QUANTUM;
      out += 3;
    }
    int illegal = decodeLast(text, in, to, result, out);
    if (illegal >= 0) {
      Arrays.fill(result, (byte) 0);
      throw EkmException.badBase64(field, illegal - from);
    }
    return result;
  }

  private int value(byte character) {
    return values[character & 0xff];
  }

  private static int decodedLength(byte[] text, int from, int to) {
    int end = to;
    while (end > from && to - end < 2 && text[end - 1] == '=') {
      end--;
    }
    return (int) ((end - from) * 3L / QUANTUM);
  }

  /** Decodes from the last or first bad group of four on; returns where it is illegal, or -1. */
  private int decodeLast(byte[] text, int start, int to, byte[] result, int out) {
    int bits = 0;
    int count = 0;
    while (start + count < to && count < QUANTUM && value(text[start + count]) >= 0) {
      bits = (bits << 6) | value(text[start + count]);
      count++;
    }
    int illegal = illegalEnd(text, start, to, count);
    if (illegal >= 0 || count == 0) {
      return illegal;
    }
    int unused = count == QUANTUM ? 0 : count * 6 % 8;
    if ((bits & ((1 << unused) - 1)) != 0) {
      return start + count - 1;
    }
    int bytes = count * 6 / 8;
    for (int i = 0; i < bytes; i++) {
      result[out + i] = (byte) (bits >> (unused + 8 * (bytes - 1 - i)));
    }
    return -1;
  }

  private int illegalEnd(byte[] text, int start, int to, int count) {
    int end = start + count;
    if (end == to) {
      boolean complete = count == 0 || count == QUANTUM || (count > 1 && paddingOptional);
      return complete ? -1 : start;
    }
    if (text[end] != '=' || count < 2) {
      return end;
    }
    if (count == 2) {
      if (end + 1 == to) {
        return to;
      }
      if (text[end + 1] != '=') {
        return end;
      }
      end++;
    }
    return end + 1 == to ? -1 : end + 1;
  }
}
