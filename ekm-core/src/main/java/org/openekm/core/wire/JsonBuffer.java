// SPDX-License-Identifier: Apache-2.0
package org.openekm.core.wire;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.openekm.api.Bytes;
import org.openekm.api.SecretBytes;

/**
 * Collects JSON text as bytes. It may hold secrets, so an array that it has outgrown or handed out
 * a copy of is wiped. Used by one thread.
 */
final class JsonBuffer {

  private static final byte[] BASE64 =
      "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/"
          .getBytes(StandardCharsets.US_ASCII);
  private static final byte[] HEX = "0123456789abcdef".getBytes(StandardCharsets.US_ASCII);
  private static final int LONGEST_ESCAPE = 6;

  private byte[] buffer;
  private int size;

  JsonBuffer(int capacity) {
    this.buffer = new byte[capacity];
  }

  /** Appends bytes that are JSON already. */
  void raw(byte[] json) {
    reserve(json.length);
    System.arraycopy(json, 0, buffer, size, json.length);
    size += json.length;
  }

  /** Appends one ASCII character that is JSON already. */
  void raw(char json) {
    reserve(1);
    buffer[size++] = (byte) json;
  }

  /** Appends a number or a boolean. */
  void literal(Object value) {
    raw(value.toString().getBytes(StandardCharsets.US_ASCII));
  }

  /** Appends any text as a JSON string. */
  void string(String text) {
    byte[] utf8 = text.getBytes(StandardCharsets.UTF_8);
    reserve(utf8.length * LONGEST_ESCAPE + 2);
    buffer[size++] = '"';
    for (byte b : utf8) {
      if (b == '"' || b == '\\') {
        buffer[size++] = '\\';
        buffer[size++] = b;
      } else if (b >= 0 && b < ' ') {
        escape(b);
      } else {
        buffer[size++] = b;
      }
    }
    buffer[size++] = '"';
  }

  private void escape(byte control) {
    buffer[size++] = '\\';
    buffer[size++] = 'u';
    buffer[size++] = '0';
    buffer[size++] = '0';
    buffer[size++] = HEX[control >> 4];
    buffer[size++] = HEX[control & 0xf];
  }

  /** Appends the bytes as a JSON string of padded base64. */
  void base64(Bytes bytes) {
    base64(bytes.toByteArray());
  }

  /** Appends the secret as a JSON string of padded base64, without a copy elsewhere. */
  void base64(SecretBytes secret) {
    boolean ignored =
        secret.read(
            bytes -> {
              base64(bytes);
              return true;
            });
  }

  void base64(byte[] bytes) {
    reserve(base64Length(bytes.length) + 2);
    byte[] to = buffer;
    int out = size;
    to[out++] = '"';
    int in = 0;
    for (int whole = bytes.length - bytes.length % 3; in < whole; in += 3) {
      int bits =
          ((bytes[in] & 0xff) << 16) | ((bytes[in + 1] & 0xff) << 8) | (bytes[in + 2] & 0xff);
      to[out] = BASE64[bits >> 18];
      to[out + 1] = BASE64[(bits >> 12) & 0x3f];
      to[out + 2] = BASE64[(bits >> 6) & 0x3f];
      to[out + 3] = BASE64[bits & 0x3f];
      out += 4;
    }
    if (in < bytes.length) {
      boolean two = in + 2 == bytes.length;
      int bits = ((bytes[in] & 0xff) << 8) | (two ? bytes[in + 1] & 0xff : 0);
      to[out] = BASE64[bits >> 10];
      to[out + 1] = BASE64[(bits >> 4) & 0x3f];
      to[out + 2] = two ? BASE64[(bits << 2) & 0x3f] : (byte) '=';
      to[out + 3] = '=';
      out += 4;
    }
    to[out++] = '"';
    size = out;
  }

  static int base64Length(int bytes) {
    return (bytes + 2) / 3 * 4;
  }

  /**
   * Returns the text in an array of its own and wipes the buffer, which is of no use afterwards.
   */
  byte[] finish() {
    byte[] result = Arrays.copyOf(buffer, size);
    Arrays.fill(buffer, 0, size, (byte) 0);
    size = 0;
    return result;
  }

  private void reserve(int more) {
    if (buffer.length - size < more) {
      byte[] outgrown = buffer;
      buffer = Arrays.copyOf(outgrown, Math.max(size + more, outgrown.length * 2));
      Arrays.fill(outgrown, (byte) 0);
    }
  }
}
