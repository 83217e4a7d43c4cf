// SPDX-License-Identifier: Apache-2.0
package org.openekm.spi.store;

import java.net.URI;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.openekm.spi.SecretReference;

/**
 * An identity domain whose tokens are believed.
 *
 * @param id the id
 * @param name the operator's name for it, unique
 * @param discoveryUrls where the OpenID configuration is, in the order in which to try; the first
 *     is the home region's
 * @param jwksUrls where the signing keys are, in the order in which to try; used when there is no
 *     discovery URL
 * @param acceptedIssuers the values of {@code iss} to believe, in addition to those that discovery
 *     tells
 * @param jwksClient how to get at signing keys that are protected; absent if they are public
 * @param createdAt when the record was made
 */
public record IssuerRecord(
    IssuerId id,
    String name,
    List<URI> discoveryUrls,
    List<URI> jwksUrls,
    Set<String> acceptedIssuers,
    Optional<JwksClient> jwksClient,
    Instant createdAt) {

  /** Copies the collections. */
  public IssuerRecord {
    discoveryUrls = List.copyOf(discoveryUrls);
    jwksUrls = List.copyOf(jwksUrls);
    acceptedIssuers = Set.copyOf(acceptedIssuers);
  }

  /**
   * The OAuth client with which protected signing keys are fetched: the resource application's own.
   *
   * @param clientId the client id
   * @param clientSecret where its secret is
   * @param tokenUrl where it gets its token; absent to take it from discovery
   */
  public record JwksClient(String clientId, SecretReference clientSecret, Optional<URI> tokenUrl) {}
}
