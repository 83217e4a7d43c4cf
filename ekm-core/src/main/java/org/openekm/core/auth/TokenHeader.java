// SPDX-License-Identifier: Apache-2.0
package org.openekm.core.auth;

import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;

/**
 * What a token's header may say. Keys and addresses of keys in it ({@code jwk}, {@code jku}, {@code
 * x5u}, {@code x5c}) are not even read: keys come from the operator's URLs only.
 *
 * @param algorithm the signature algorithm
 * @param keyId {@code kid}; compared with others, never used for anything else
 * @param thumbprint {@code x5t}
 * @param thumbprint256 {@code x5t#S256}
 */
record TokenHeader(
    SignatureAlgorithm algorithm,
    Optional<String> keyId,
    Optional<String> thumbprint,
    Optional<String> thumbprint256) {

  /** The longest key id or thumbprint, in characters. */
  static final int MAX_NAME = 256;

  private static final List<String> REFUSED = List.of("crit", "b64", "zip", "enc");
  private static final Set<String> TYPES = Set.of("jwt", "at+jwt");

  static TokenHeader read(JsonObject json) {
    for (String name : REFUSED) {
      if (json.has(name)) {
        throw new MalformedJsonException("token header: " + name + " is not allowed");
      }
    }
    SignatureAlgorithm algorithm =
        json.text("alg", 16)
            .flatMap(SignatureAlgorithm::named)
            .orElseThrow(() -> Refusals.invalid("alg must be RS256, RS384 or RS512"));
    json.text("typ", 32).ifPresent(TokenHeader::requireType);
    return new TokenHeader(
        algorithm,
        json.text("kid", MAX_NAME),
        json.text("x5t", MAX_NAME),
        json.text("x5t#S256", MAX_NAME));
  }

  private static void requireType(String type) {
    if (!TYPES.contains(type.toLowerCase(Locale.ROOT))) {
      throw Refusals.invalid("typ must be JWT or at+jwt, or left out");
    }
  }
}
