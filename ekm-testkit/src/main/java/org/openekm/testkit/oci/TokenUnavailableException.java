// SPDX-License-Identifier: Apache-2.0
package org.openekm.testkit.oci;

import org.jspecify.annotations.Nullable;

/** The identity domain gave no token. The message has no secrets. */
public final class TokenUnavailableException extends RuntimeException {

  private static final long serialVersionUID = 1L;

  private final String reason;

  TokenUnavailableException(String reason, @Nullable Throwable cause) {
    super(reason, cause);
    this.reason = reason;
  }

  /** Returns the message. */
  public String reason() {
    return reason;
  }
}
