// SPDX-License-Identifier: Apache-2.0
package org.openekm.core.auth;

import java.time.Duration;
import java.time.Instant;
import org.openekm.api.VerifiedClient;

/**
 * A token whose form, signature and issuer have been checked; time is checked at each use.
 *
 * @param client who it names
 * @param validity from when to when
 */
record CheckedToken(VerifiedClient client, Validity validity) {

  /** Returns for how long it is worth remembering; zero if no longer. */
  Duration timeLeft(Instant now, Duration skew) {
    Duration left = Duration.between(now, client.expiresAt().plus(skew));
    return left.isNegative() ? Duration.ZERO : left;
  }
}
