// SPDX-License-Identifier: Apache-2.0
package org.openekm.testkit.oci;

import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.PrivateKey;
import java.security.Signature;
import java.security.spec.AlgorithmParameterSpec;
import java.security.spec.MGF1ParameterSpec;
import java.security.spec.PSSParameterSpec;
import java.util.Map;
import java.util.Optional;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.openekm.api.Bytes;

/**
 * Signs tokens, rightly or wrongly. Real tokens are signed by {@link #rsa}; the others are there
 * for attack tests.
 *
 * <p>Immutable and thread-safe.
 */
public final class TokenSigner {

  private static final Map<String, String> JCA_NAMES =
      Map.of(
          "RS256", "SHA256withRSA",
          "RS384", "SHA384withRSA",
          "RS512", "SHA512withRSA",
          "PS256", "RSASSA-PSS",
          "PS384", "RSASSA-PSS",
          "PS512", "RSASSA-PSS",
          "ES256", "SHA256withECDSAinP1363Format",
          "ES384", "SHA384withECDSAinP1363Format",
          "ES512", "SHA512withECDSAinP1363Format");

  private static final Map<String, PSSParameterSpec> PSS_PARAMETERS =
      Map.of(
          "PS256", new PSSParameterSpec("SHA-256", "MGF1", MGF1ParameterSpec.SHA256, 32, 1),
          "PS384", new PSSParameterSpec("SHA-384", "MGF1", MGF1ParameterSpec.SHA384, 48, 1),
          "PS512", new PSSParameterSpec("SHA-512", "MGF1", MGF1ParameterSpec.SHA512, 64, 1));

  private final String algorithm;
  private final Function function;

  private TokenSigner(String algorithm, Function function) {
    this.algorithm = algorithm;
    this.function = function;
  }

  /** Returns a signer for RS256, RS384 or RS512. */
  public static TokenSigner rsa(String algorithm, PrivateKey key) {
    return asymmetric(algorithm, key);
  }

  /**
   * Returns a signer for any signature algorithm of JOSE: RS, PS and ES with 256, 384 or 512.
   *
   * @throws IllegalArgumentException if the algorithm is none of these
   */
  public static TokenSigner asymmetric(String algorithm, PrivateKey key) {
    String jcaName = JCA_NAMES.get(algorithm);
    if (jcaName == null) {
      throw new IllegalArgumentException("algorithm must be one of " + JCA_NAMES.keySet());
    }
    Optional<AlgorithmParameterSpec> parameters =
        Optional.ofNullable(PSS_PARAMETERS.get(algorithm));
    return new TokenSigner(algorithm, input -> signature(jcaName, parameters, key, input));
  }

  /** Returns a signer for HS256 with the bytes as the secret, such as an RSA key's encoding. */
  public static TokenSigner hmacSha256(Bytes secret) {
    return new TokenSigner("HS256", input -> mac(secret, input));
  }

  /** Returns a signer that leaves the signature empty and says {@code none}. */
  public static TokenSigner none() {
    return new TokenSigner("none", input -> Bytes.empty());
  }

  /** Returns a signer that always gives the same signature and claims the algorithm for it. */
  public static TokenSigner fixed(String algorithm, Bytes signature) {
    return new TokenSigner(algorithm, input -> signature);
  }

  /** Returns the name that goes into the header as {@code alg}. */
  public String algorithm() {
    return algorithm;
  }

  /** Signs the text of header and claims, which are joined by a dot. */
  public Bytes sign(String signingInput) {
    try {
      return function.sign(signingInput.getBytes(StandardCharsets.US_ASCII));
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("can't sign with " + algorithm, e);
    }
  }

  private static Bytes signature(
      String jcaName, Optional<AlgorithmParameterSpec> parameters, PrivateKey key, byte[] input)
      throws GeneralSecurityException {
    Signature signature = Signature.getInstance(jcaName);
    if (parameters.isPresent()) {
      signature.setParameter(parameters.get());
    }
    signature.initSign(key);
    signature.update(input);
    return Bytes.adopt(signature.sign());
  }

  private static Bytes mac(Bytes secret, byte[] input) throws GeneralSecurityException {
    Mac mac = Mac.getInstance("HmacSHA256");
    mac.init(new SecretKeySpec(secret.toByteArray(), "HmacSHA256"));
    return Bytes.adopt(mac.doFinal(input));
  }

  @FunctionalInterface
  private interface Function {
    Bytes sign(byte[] input) throws GeneralSecurityException;
  }
}
