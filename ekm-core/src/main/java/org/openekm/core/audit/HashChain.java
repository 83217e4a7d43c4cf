// SPDX-License-Identifier: Apache-2.0
package org.openekm.core.audit;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/**
 * Ties each line to the one before. A line ends in {@code ,"prev":"<64 hex>","hash":"<64 hex>"}}:
 * {@code prev} is the hash of the line before (64 zeros before the first), {@code hash} is the
 * SHA-256 of all bytes of the line before {@code ,"hash"}, so that it covers {@code prev} too.
 *
 * <p>There is no secret in it: it shows what was changed to everybody who kept a later hash, and to
 * nobody else. Not thread-safe.
 */
final class HashChain {

  /** What comes before the first line. */
  static final String START = "0".repeat(64);

  static final int HASH_DIGITS = 64;

  private static final byte[] PREV = ",\"prev\":\"".getBytes(US_ASCII);
  private static final byte[] HASH = "\",\"hash\":\"".getBytes(US_ASCII);
  private static final byte[] END = "\"}\n".getBytes(US_ASCII);

  /** The bytes from {@code ,"prev"} up to and without the line feed. */
  static final int TAIL_LENGTH =
      PREV.length + HASH_DIGITS + HASH.length + HASH_DIGITS + END.length - 1;

  private final MessageDigest sha256 = newSha256();
  private String head;

  HashChain(String head) {
    this.head = head;
  }

  /** Returns the hash of the last line. */
  String head() {
    return head;
  }

  /** Goes back or on to another line. */
  void moveTo(String newHead) {
    head = newHead;
  }

  /**
   * Ends the line that began at {@code start} and is complete but for prev, hash and closing brace.
   */
  void seal(LineBuffer line, int start) {
    line.raw(PREV).plain(head).plain("\"");
    line.digest(sha256, start);
    head = HexFormat.of().formatHex(sha256.digest());
    line.plain(",\"hash\":\"").plain(head).raw(END);
  }

  /** Returns true if the bytes end like a line of a chain; says nothing about the hash. */
  static boolean hasTail(byte[] line, int length) {
    int tail = length - TAIL_LENGTH;
    return tail > 0
        && matches(line, tail, PREV)
        && isHex(line, tail + PREV.length)
        && matches(line, tail + PREV.length + HASH_DIGITS, HASH)
        && isHex(line, hashAt(length))
        && line[length - 2] == '"'
        && line[length - 1] == '}';
  }

  static String prevOf(byte[] line, int length) {
    return new String(line, length - TAIL_LENGTH + PREV.length, HASH_DIGITS, US_ASCII);
  }

  static String hashOf(byte[] line, int length) {
    return new String(line, hashAt(length), HASH_DIGITS, US_ASCII);
  }

  /** Returns what the hash of a line with a proper tail must be. */
  static String expectedHash(MessageDigest sha256, byte[] line, int length) {
    sha256.update(line, 0, hashAt(length) - HASH.length + 1);
    return HexFormat.of().formatHex(sha256.digest());
  }

  static MessageDigest newSha256() {
    try {
      return MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("this Java has no SHA-256", e);
    }
  }

  private static int hashAt(int length) {
    return length - HASH_DIGITS - 2;
  }

  private static boolean matches(byte[] line, int at, byte[] expected) {
    return java.util.Arrays.equals(line, at, at + expected.length, expected, 0, expected.length);
  }

  private static boolean isHex(byte[] line, int at) {
    for (int i = at; i < at + HASH_DIGITS; i++) {
      if (!((line[i] >= '0' && line[i] <= '9') || (line[i] >= 'a' && line[i] <= 'f'))) {
        return false;
      }
    }
    return true;
  }
}
