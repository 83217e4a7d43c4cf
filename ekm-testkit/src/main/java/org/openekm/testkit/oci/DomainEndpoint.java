// SPDX-License-Identifier: Apache-2.0
package org.openekm.testkit.oci;

import java.util.Arrays;
import java.util.Optional;

/** What an identity domain offers over HTTP. */
public enum DomainEndpoint {
  /** Hands out tokens. */
  TOKEN("/oauth2/v1/token"),
  /** Tells where the other two are, and the issuer. */
  DISCOVERY("/.well-known/openid-configuration"),
  /** The public keys that verify tokens. */
  JWKS("/admin/v1/SigningCert/jwk");

  /** The same as discovery, wrapped in an object. */
  static final String WRAPPED_DISCOVERY_PATH = "/.well-known/idcs-configuration";

  private final String path;

  DomainEndpoint(String path) {
    this.path = path;
  }

  /** Returns its path below the domain URL, from the slash on. */
  public String path() {
    return path;
  }

  static Optional<DomainEndpoint> at(String path) {
    if (path.equals(WRAPPED_DISCOVERY_PATH)) {
      return Optional.of(DISCOVERY);
    }
    return Arrays.stream(values()).filter(endpoint -> endpoint.path.equals(path)).findFirst();
  }
}
