// SPDX-License-Identifier: Apache-2.0
package org.openekm.core.audit;

import java.nio.ByteBuffer;
import java.security.MessageDigest;
import java.util.Arrays;
import java.util.UUID;

/**
 * A growing, reusable buffer that writes JSON text without intermediate strings. This is on the
 * path of every request. Not thread-safe.
 */
final class LineBuffer {

  /** Longer texts are cut, so that no caller can make the log grow at will. */
  static final int MAX_TEXT = 4096;

  private static final String CUT_MARK = "...(cut)";
  private static final byte[] HEX = {
    '0', '1', '2', '3', '4', '5', '6', '7', '8', '9', 'a', 'b', 'c', 'd', 'e', 'f'
  };

  private byte[] bytes = new byte[16 * 1024];
  private int length;

  void clear() {
    length = 0;
  }

  int length() {
    return length;
  }

  ByteBuffer asByteBuffer() {
    return ByteBuffer.wrap(bytes, 0, length);
  }

  /** Feeds everything from {@code start} on to the digest. */
  void digest(MessageDigest digest, int start) {
    digest.update(bytes, start, length - start);
  }

  /** Adds text that needs no escaping: ASCII without quotes, backslashes and control characters. */
  LineBuffer plain(String text) {
    int count = text.length();
    reserve(count);
    for (int i = 0; i < count; i++) {
      bytes[length++] = (byte) text.charAt(i);
    }
    return this;
  }

  LineBuffer raw(byte[] ascii) {
    reserve(ascii.length);
    System.arraycopy(ascii, 0, bytes, length, ascii.length);
    length += ascii.length;
    return this;
  }

  LineBuffer number(long value) {
    return plain(Long.toString(value));
  }

  /** Adds a number with leading zeros. */
  LineBuffer digits(int value, int width) {
    reserve(width);
    int rest = value;
    for (int i = width - 1; i >= 0; i--) {
      bytes[length + i] = (byte) ('0' + rest % 10);
      rest /= 10;
    }
    length += width;
    return this;
  }

  LineBuffer hex(byte[] value) {
    reserve(2 * value.length);
    for (byte b : value) {
      hexByte(b);
    }
    return this;
  }

  /** Adds a UUID in quotes. */
  LineBuffer quoted(UUID value) {
    reserve(38);
    bytes[length++] = '"';
    hexBytes(value.getMostSignificantBits(), 56, 32);
    bytes[length++] = '-';
    hexBytes(value.getMostSignificantBits(), 24, 16);
    bytes[length++] = '-';
    hexBytes(value.getMostSignificantBits(), 8, 0);
    bytes[length++] = '-';
    hexBytes(value.getLeastSignificantBits(), 56, 48);
    bytes[length++] = '-';
    hexBytes(value.getLeastSignificantBits(), 40, 0);
    bytes[length++] = '"';
    return this;
  }

  /** Adds any text as a JSON string; what is longer than {@link #MAX_TEXT} is cut. */
  LineBuffer quoted(String text) {
    int count = Math.min(text.length(), MAX_TEXT);
    reserve(2 + 6 * count + CUT_MARK.length());
    bytes[length++] = '"';
    for (int i = 0; i < count; i++) {
      char c = text.charAt(i);
      if (c >= ' ' && c < 0x7F && c != '"' && c != '\\') {
        bytes[length++] = (byte) c;
      } else {
        escaped(wellFormed(text, i, count));
      }
    }
    if (count < text.length()) {
      plain(CUT_MARK);
    }
    bytes[length++] = '"';
    return this;
  }

  /**
   * Everything beyond printable ASCII becomes an escape, which keeps a line one line in every tool
   * that shows it.
   */
  private void escaped(char c) {
    bytes[length++] = '\\';
    if (c == '"' || c == '\\') {
      bytes[length++] = (byte) c;
      return;
    }
    bytes[length++] = 'u';
    hexByte((byte) (c >> 8));
    hexByte((byte) c);
  }

  /**
   * Returns the character, or the replacement character for half a surrogate pair, which strict
   * JSON readers refuse.
   */
  private static char wellFormed(String text, int at, int end) {
    char c = text.charAt(at);
    boolean lacksLow =
        Character.isHighSurrogate(c)
            && !(at + 1 < end && Character.isLowSurrogate(text.charAt(at + 1)));
    boolean lacksHigh =
        Character.isLowSurrogate(c) && !(at > 0 && Character.isHighSurrogate(text.charAt(at - 1)));
    return lacksLow || lacksHigh ? '\uFFFD' : c;
  }

  private void hexBytes(long value, int fromShift, int toShift) {
    for (int shift = fromShift; shift >= toShift; shift -= 8) {
      hexByte((byte) (value >>> shift));
    }
  }

  private void hexByte(byte b) {
    bytes[length++] = HEX[(b >> 4) & 0xF];
    bytes[length++] = HEX[b & 0xF];
  }

  private void reserve(int count) {
    if (length + count > bytes.length) {
      bytes = Arrays.copyOf(bytes, Math.max(length + count, 2 * bytes.length));
    }
  }
}
