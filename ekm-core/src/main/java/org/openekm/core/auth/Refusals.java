// SPDX-License-Identifier: Apache-2.0
package org.openekm.core.auth;

import org.openekm.api.EkmErrorCode;
import org.openekm.api.EkmException;

/** Makes the refusals of this package; the rule says what is wrong, never what the caller sent. */
final class Refusals {

  private Refusals() {}

  static EkmException invalid(String rule) {
    return new EkmException(EkmErrorCode.TOKEN_INVALID, "token: " + rule);
  }
}
