// SPDX-License-Identifier: Apache-2.0
package org.openekm.spi.store;

import static java.util.Objects.requireNonNull;

import java.time.Instant;

/**
 * An approval that has been used, and must not be used again.
 *
 * @param nonce what makes it unique: 32 hexadecimal digits in lower case
 * @param expiresAt when it would have ended by itself
 */
public record SpentApproval(String nonce, Instant expiresAt) {

  /** Checks that nothing is null. */
  public SpentApproval {
    requireNonNull(nonce, "nonce");
    requireNonNull(expiresAt, "expiresAt");
  }
}
