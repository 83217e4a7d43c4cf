// SPDX-License-Identifier: Apache-2.0
package org.openekm.core.auth;

import java.math.BigInteger;
import java.util.Base64;
import java.util.Optional;

/**
 * A public RSA key as an identity domain publishes it. {@code use} and {@code key_ops} are not
 * looked at: identity domains of Oracle publish signing keys without {@code verify}.
 *
 * @param keyId {@code kid}
 * @param thumbprint {@code x5t}
 * @param thumbprint256 {@code x5t#S256}
 * @param algorithm {@code alg}: if present, the only algorithm that the key is good for
 * @param modulus {@code n}, 2048 to 8192 bits
 * @param exponent {@code e}, odd, 65537 to 64 bits
 */
record Jwk(
    Optional<String> keyId,
    Optional<String> thumbprint,
    Optional<String> thumbprint256,
    Optional<SignatureAlgorithm> algorithm,
    BigInteger modulus,
    BigInteger exponent) {

  private static final int MIN_BITS = 2048;
  private static final int MAX_BITS = 8192;
  private static final BigInteger MIN_EXPONENT = BigInteger.valueOf(65_537);

  /** Reads a key; empty if it is none that can check our tokens. */
  static Optional<Jwk> read(JsonObject json) {
    Optional<String> algorithmName = json.text("alg", 64);
    Optional<SignatureAlgorithm> algorithm = algorithmName.flatMap(SignatureAlgorithm::named);
    boolean rsa = json.text("kty", 64).filter("RSA"::equals).isPresent();
    if (!rsa || algorithmName.isPresent() != algorithm.isPresent()) {
      return Optional.empty();
    }
    return Optional.of(
            new Jwk(
                json.text("kid", TokenHeader.MAX_NAME),
                json.text("x5t", TokenHeader.MAX_NAME),
                json.text("x5t#S256", TokenHeader.MAX_NAME),
                algorithm,
                number(json, "n"),
                number(json, "e")))
        .filter(Jwk::isStrong);
  }

  private boolean isStrong() {
    return modulus.bitLength() >= MIN_BITS
        && modulus.bitLength() <= MAX_BITS
        && modulus.testBit(0)
        && exponent.compareTo(MIN_EXPONENT) >= 0
        && exponent.bitLength() <= 64
        && exponent.testBit(0);
  }

  private static BigInteger number(JsonObject json, String name) {
    String text = json.text(name, 4096).orElse("");
    try {
      return new BigInteger(1, Base64.getUrlDecoder().decode(text));
    } catch (IllegalArgumentException e) {
      throw new MalformedJsonException("signing keys: " + name + " must be base64url");
    }
  }
}
