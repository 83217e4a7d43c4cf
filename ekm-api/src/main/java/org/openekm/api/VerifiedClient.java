// SPDX-License-Identifier: Apache-2.0
package org.openekm.api;

import java.time.Instant;
import java.util.Optional;
import java.util.Set;

/**
 * Who calls, as a checked token says.
 *
 * @param clientId the OAuth client (claim {@code client_id}, else {@code sub} with {@code sub_type}
 *     {@code client})
 * @param tokenId the token's {@code jti}, for the audit
 * @param audiences the token's {@code aud}, as sent
 * @param scopes the words of the token's scope
 * @param expiresAt the token's {@code exp}
 */
public record VerifiedClient(
    String clientId,
    Optional<String> tokenId,
    Set<String> audiences,
    Set<String> scopes,
    Instant expiresAt) {

  /** Copies the sets. */
  public VerifiedClient {
    audiences = Set.copyOf(audiences);
    scopes = Set.copyOf(scopes);
  }
}
