// SPDX-License-Identifier: Apache-2.0
package org.openekm.testkit.stranger;

import java.net.URI;
import java.util.Set;
import org.openekm.testkit.oci.FakeIdentityDomain;
import org.openekm.testkit.oci.OAuthApp;

/**
 * What a vendor's endpoint is told about the identity domain whose tokens it trusts. Immutable.
 *
 * @param jwksUrl where the signing keys are, readable without a token
 * @param issuers the accepted values of {@code iss}; a slash at the end makes no difference
 * @param tenantIssuer the value that {@code tenant_iss} must have if a token has one
 * @param audience the audience that a token must have among its own
 * @param clientId the client application of the vault
 * @param scope the scope that a token must have among its own
 */
record DomainFacts(
    URI jwksUrl,
    Set<String> issuers,
    String tenantIssuer,
    String audience,
    String clientId,
    String scope) {

  /** Copies the issuers. */
  public DomainFacts {
    issuers = Set.copyOf(issuers);
  }

  /** Returns the facts about a domain of the kit and one of its client applications. */
  public static DomainFacts of(FakeIdentityDomain domain, OAuthApp clientApp) {
    return new DomainFacts(
        domain.jwksUrl(),
        Set.of(domain.issuer(), domain.url().toString()),
        domain.tenantIssuer(),
        clientApp.audience(),
        clientApp.clientId(),
        FakeIdentityDomain.EKMS_SCOPE);
  }
}
