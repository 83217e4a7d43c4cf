// SPDX-License-Identifier: Apache-2.0
package org.openekm.server.store;

import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneOffset;

/**
 * Reads the moments that the store writes, as {@link Instant#toString} gives them. {@link
 * Instant#parse} took a quarter of a start with a hundred thousand keys (measured); it still reads
 * whatever looks otherwise.
 */
final class Timestamps {

  private static final String SECONDS = "0000-00-00T00:00:00";
  private static final int NANO_DIGITS = 9;

  private Timestamps() {}

  /**
   * Returns the moment.
   *
   * @throws java.time.DateTimeException if the text is none
   */
  static Instant parse(String text) {
    if (!isPlain(text)) {
      return Instant.parse(text);
    }
    LocalDateTime seconds =
        LocalDateTime.of(
            number(text, 0, 4),
            number(text, 5, 7),
            number(text, 8, 10),
            number(text, 11, 13),
            number(text, 14, 16),
            number(text, 17, 19));
    return Instant.ofEpochSecond(seconds.toEpochSecond(ZoneOffset.UTC), nanos(text));
  }

  /** Returns true for seconds, perhaps a fraction of up to nine digits, and a Z. */
  private static boolean isPlain(String text) {
    int end = text.length() - 1;
    int fraction = end - SECONDS.length() - 1;
    if (end < SECONDS.length() || text.charAt(end) != 'Z' || fraction > NANO_DIGITS) {
      return false;
    }
    for (int i = 0; i < SECONDS.length(); i++) {
      char expected = SECONDS.charAt(i);
      if (expected == '0' ? !isDigit(text.charAt(i)) : text.charAt(i) != expected) {
        return false;
      }
    }
    if (fraction >= 0 && (fraction == 0 || text.charAt(SECONDS.length()) != '.')) {
      return false;
    }
    for (int i = SECONDS.length() + 1; i < end; i++) {
      if (!isDigit(text.charAt(i))) {
        return false;
      }
    }
    return true;
  }

  private static int nanos(String text) {
    int first = SECONDS.length() + 1;
    int nanos = 0;
    for (int i = first; i < first + NANO_DIGITS; i++) {
      nanos = nanos * 10 + (i < text.length() - 1 ? text.charAt(i) - '0' : 0);
    }
    return nanos;
  }

  private static int number(String text, int from, int to) {
    return Integer.parseInt(text, from, to, 10);
  }

  private static boolean isDigit(char c) {
    return c >= '0' && c <= '9';
  }
}
