// SPDX-License-Identifier: Apache-2.0
package org.openekm.core.auth;

import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSHeader;
import java.util.Optional;

/** The signature algorithms that are believed: RSA PKCS #1 v1.5 and nothing else. */
enum SignatureAlgorithm {
  RS256(JWSAlgorithm.RS256),
  RS384(JWSAlgorithm.RS384),
  RS512(JWSAlgorithm.RS512);

  // The library's headers are immutable, but not marked so.
  @SuppressWarnings("ImmutableEnumChecker")
  private final JWSHeader header;

  SignatureAlgorithm(JWSAlgorithm algorithm) {
    this.header = new JWSHeader(algorithm);
  }

  /** Returns the algorithm of exactly this name. */
  static Optional<SignatureAlgorithm> named(String name) {
    return switch (name) {
      case "RS256" -> Optional.of(RS256);
      case "RS384" -> Optional.of(RS384);
      case "RS512" -> Optional.of(RS512);
      default -> Optional.empty();
    };
  }

  /** Returns a header that says the algorithm only, so that the library never sees the token's. */
  JWSHeader header() {
    return header;
  }
}
