// SPDX-License-Identifier: Apache-2.0
package org.openekm.core.auth;

import java.net.URI;
import java.util.HashSet;
import java.util.Optional;
import java.util.Set;
import org.openekm.api.EkmException;
import org.openekm.spi.store.IssuerRecord;

/**
 * Which values of {@code iss} belong to an issuer. Oracle's identity domains all use one general
 * value; a token with it is bound to its domain by the domain's keys and, where it says so, by
 * {@code tenant_iss}.
 *
 * <p>Immutable and thread-safe.
 */
final class IssuerMatch {

  /** The value that all identity domains of Oracle share, normalized. */
  static final String GENERAL = "https://identity.oraclecloud.com";

  private final Set<String> specific;

  IssuerMatch(IssuerRecord issuer, Optional<String> discoveredIssuer) {
    Set<String> names = new HashSet<>();
    issuer.acceptedIssuers().forEach(name -> names.add(Urls.normalize(name)));
    discoveredIssuer.ifPresent(name -> names.add(Urls.normalize(name)));
    for (URI url : issuer.discoveryUrls()) {
      names.add(Urls.origin(url));
    }
    for (URI url : issuer.jwksUrls()) {
      names.add(Urls.origin(url));
    }
    names.remove(GENERAL);
    this.specific = Set.copyOf(names);
  }

  /**
   * Checks the token's issuer.
   *
   * @throws EkmException with {@code TOKEN_INVALID}
   */
  void require(String issuer, Optional<String> tenantIssuer) {
    String name = Urls.normalize(issuer);
    if (specific.contains(name)) {
      return;
    }
    if (!name.equals(GENERAL)) {
      throw Refusals.invalid("iss is not the vault's issuer; see the issuer's accepted values");
    }
    if (tenantIssuer.isPresent() && !specific.contains(Urls.normalize(tenantIssuer.get()))) {
      throw Refusals.invalid(
          "tenant_iss is another identity domain; if it is meant, add it to the issuer's accepted values");
    }
  }
}
