// SPDX-License-Identifier: Apache-2.0
package org.openekm.core.auth;

import java.util.Base64;
import org.openekm.api.EkmException;

/**
 * The strict check of a token's text, before any library sees it: exactly three parts of canonical
 * base64url. A token so has one spelling only, and neither a cache nor a limiter can be led round
 * by a twin of it.
 *
 * <p>Immutable and thread-safe.
 */
final class TokenShape {

  private static final int MAX_HEADER_CHARACTERS = 4096;

  private final int maxLength;

  TokenShape(int maxLength) {
    this.maxLength = maxLength;
  }

  /** Refuses a text over the limit; cheap enough to come before everything else. */
  void requireLength(String token) {
    if (token.isEmpty() || token.length() > maxLength) {
      throw Refusals.invalid("must have 1 to " + maxLength + " characters");
    }
  }

  /**
   * Takes a token apart.
   *
   * @throws EkmException with {@code TOKEN_INVALID}
   * @throws MalformedJsonException if header or claims are not strict JSON
   */
  ParsedToken parse(String token) {
    requireLength(token);
    int first = token.indexOf('.');
    int second = token.indexOf('.', first + 1);
    if (first < 0 || second < 0 || token.indexOf('.', second + 1) >= 0) {
      throw Refusals.invalid("must have exactly three parts");
    }
    if (first > MAX_HEADER_CHARACTERS) {
      throw Refusals.invalid("header must have at most " + MAX_HEADER_CHARACTERS + " characters");
    }
    requireCanonical(token, 0, first);
    requireCanonical(token, first + 1, second);
    requireCanonical(token, second + 1, token.length());
    TokenHeader header =
        TokenHeader.read(JsonObject.parse("token header", decode(token, 0, first)));
    JsonObject claims = JsonObject.parse("token claims", decode(token, first + 1, second));
    return new ParsedToken(token, second + 1, header, claims);
  }

  private static byte[] decode(String token, int from, int to) {
    return Base64.getUrlDecoder().decode(token.substring(from, to));
  }

  private static void requireCanonical(String token, int from, int to) {
    int remainder = (to - from) % 4;
    if (from == to || remainder == 1) {
      throw Refusals.invalid("each part must be base64url of at least one byte");
    }
    for (int i = from; i < to; i++) {
      if (value(token.charAt(i)) < 0) {
        throw Refusals.invalid("each part must be base64url without padding or other characters");
      }
    }
    int unusedBits = remainder == 2 ? 0b1111 : remainder == 3 ? 0b11 : 0;
    if ((value(token.charAt(to - 1)) & unusedBits) != 0) {
      throw Refusals.invalid("each part must be canonical base64url: its unused bits must be zero");
    }
  }

  private static int value(char c) {
    if (c >= 'A' && c <= 'Z') {
      return c - 'A';
    }
    if (c >= 'a' && c <= 'z') {
      return c - 'a' + 26;
    }
    if (c >= '0' && c <= '9') {
      return c - '0' + 52;
    }
    return c == '-' ? 62 : c == '_' ? 63 : -1;
  }
}
