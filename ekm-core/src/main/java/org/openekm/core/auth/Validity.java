// SPDX-License-Identifier: Apache-2.0
package org.openekm.core.auth;

import java.util.OptionalLong;
import org.openekm.api.EkmException;

/**
 * From when to when a token is valid, in seconds since 1970 UTC.
 *
 * @param notBefore the later of {@code iat} and {@code nbf}; 0 if it has neither
 * @param expiresAt {@code exp}: the first second in which it is no longer valid
 */
record Validity(long notBefore, long expiresAt) {

  // The end of the year 9999: beyond it java.time and others begin to disagree.
  static final long MAX_SECOND = 253_402_300_799L;

  static Validity read(JsonObject json) {
    OptionalLong expiresAt = json.integer("exp", 1, MAX_SECOND);
    if (expiresAt.isEmpty()) {
      throw Refusals.invalid("exp is missing");
    }
    long issuedAt = json.integer("iat", 0, MAX_SECOND).orElse(0);
    long notBefore = json.integer("nbf", 0, MAX_SECOND).orElse(0);
    if (expiresAt.getAsLong() <= Math.max(issuedAt, notBefore)) {
      throw Refusals.invalid("exp must be later than iat and nbf");
    }
    return new Validity(Math.max(issuedAt, notBefore), expiresAt.getAsLong());
  }

  /**
   * Checks both ends, each with so many seconds of tolerance.
   *
   * @throws EkmException with {@code TOKEN_INVALID}
   */
  void require(long now, long skew) {
    if (now >= expiresAt + skew) {
      throw Refusals.invalid("exp has passed; if tokens are fresh, compare this host's clock");
    }
    if (now < notBefore - skew) {
      throw Refusals.invalid("iat or nbf lies in the future; compare this host's clock");
    }
  }
}
