// SPDX-License-Identifier: Apache-2.0
package org.openekm.core.auth;

import org.jspecify.annotations.Nullable;
import org.openekm.api.EkmErrorCode;
import org.openekm.api.EkmException;

/** Takes the token out of an {@code Authorization} header. */
public final class BearerHeader {

  private static final String SCHEME = "Bearer";

  private BearerHeader() {}

  /**
   * Returns the text behind {@code Bearer}; the scheme's case does not matter. The token's own form
   * is not looked at, save that it is one word of visible ASCII characters.
   *
   * @param authorization the header's value; null if there is no such header
   * @throws EkmException with {@code TOKEN_MISSING} if there is no header, another scheme or
   *     nothing behind the scheme; with {@code TOKEN_INVALID} if more than one word follows
   */
  public static String token(@Nullable String authorization) {
    if (authorization == null || !hasBearerScheme(authorization)) {
      throw new EkmException(
          EkmErrorCode.TOKEN_MISSING, "Authorization must be the word Bearer and a token");
    }
    int start = SCHEME.length();
    while (start < authorization.length() && authorization.charAt(start) == ' ') {
      start++;
    }
    if (start == authorization.length()) {
      throw new EkmException(EkmErrorCode.TOKEN_MISSING, "Authorization has no token after Bearer");
    }
    requireOneWord(authorization, start);
    return authorization.substring(start);
  }

  private static boolean hasBearerScheme(String authorization) {
    return authorization.regionMatches(true, 0, SCHEME, 0, SCHEME.length())
        && (authorization.length() == SCHEME.length()
            || authorization.charAt(SCHEME.length()) == ' ');
  }

  private static void requireOneWord(String authorization, int start) {
    for (int i = start; i < authorization.length(); i++) {
      char c = authorization.charAt(i);
      if (c <= ' ' || c >= 0x7f || c == ',') {
        throw Refusals.invalid("Authorization must hold exactly one token and nothing after it");
      }
    }
  }
}
