// SPDX-License-Identifier: Apache-2.0
package org.openekm.core.auth;

/** Thrown for JSON that breaks a rule; the message names the member and the rule, not the text. */
final class MalformedJsonException extends RuntimeException {

  private static final long serialVersionUID = 1L;

  MalformedJsonException(String rule) {
    super(rule);
  }
}
