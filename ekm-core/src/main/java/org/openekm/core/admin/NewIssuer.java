// SPDX-License-Identifier: Apache-2.0
package org.openekm.core.admin;

import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * An issuer to be made.
 *
 * @param name the operator's name for it
 * @param discoveryUrls where the OpenID configuration is, in the order in which to try
 * @param jwksUrls where the signing keys are; needed only without discovery
 * @param acceptedIssuers values of {@code iss} to believe beside those that discovery tells
 * @param jwksClient how to get at protected signing keys; absent if they are public
 */
public record NewIssuer(
    String name,
    List<String> discoveryUrls,
    List<String> jwksUrls,
    Set<String> acceptedIssuers,
    Optional<JwksClient> jwksClient) {

  /** Copies the collections. */
  public NewIssuer {
    discoveryUrls = List.copyOf(discoveryUrls);
    jwksUrls = List.copyOf(jwksUrls);
    acceptedIssuers = Set.copyOf(acceptedIssuers);
  }

  /**
   * The OAuth client that may read protected signing keys.
   *
   * @param clientId its id
   * @param clientSecret where its secret is: {@code ${file:PATH}} or {@code ${env:NAME}}
   * @param tokenUrl where it gets its token; absent to take it from discovery
   */
  public record JwksClient(String clientId, String clientSecret, Optional<String> tokenUrl) {}
}
