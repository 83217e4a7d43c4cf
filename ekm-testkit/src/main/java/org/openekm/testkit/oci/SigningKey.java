// SPDX-License-Identifier: Apache-2.0
package org.openekm.testkit.oci;

import java.math.BigInteger;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.MessageDigest;
import java.security.PrivateKey;
import java.security.cert.X509Certificate;
import java.security.interfaces.RSAPublicKey;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.Base64;
import java.util.Date;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import javax.security.auth.x500.X500Principal;
import org.bouncycastle.cert.jcajce.JcaX509CertificateConverter;
import org.bouncycastle.cert.jcajce.JcaX509v3CertificateBuilder;
import org.bouncycastle.operator.OperatorCreationException;
import org.bouncycastle.operator.jcajce.JcaContentSignerBuilder;

/** A token signing key of the domain with its certificate. */
final class SigningKey {

  /** What every real domain calls its key, also after the key was rolled. */
  static final String KEY_ID = "SIGNING_KEY";

  private static final Base64.Encoder BASE64_URL = Base64.getUrlEncoder().withoutPadding();
  private static final Duration CERTIFICATE_LIFETIME = Duration.ofDays(3650);

  private final RSAPublicKey publicKey;
  private final PrivateKey privateKey;
  private final X509Certificate certificate;

  private SigningKey(KeyPair pair, X509Certificate certificate) {
    this.publicKey = (RSAPublicKey) pair.getPublic();
    this.privateKey = pair.getPrivate();
    this.certificate = certificate;
  }

  static SigningKey generate(Instant now) {
    try {
      KeyPairGenerator generator = KeyPairGenerator.getInstance("RSA");
      generator.initialize(2048);
      KeyPair pair = generator.generateKeyPair();
      return new SigningKey(pair, selfSigned(pair, now));
    } catch (GeneralSecurityException | OperatorCreationException e) {
      throw new IllegalStateException("can't make a signing key", e);
    }
  }

  private static X509Certificate selfSigned(KeyPair pair, Instant now)
      throws GeneralSecurityException, OperatorCreationException {
    X500Principal name = new X500Principal("CN=Cloud9, CN=Fake identity domain");
    var builder =
        new JcaX509v3CertificateBuilder(
            name,
            BigInteger.valueOf(now.toEpochMilli()),
            Date.from(now.minus(Duration.ofDays(1))),
            Date.from(now.plus(CERTIFICATE_LIFETIME)),
            name,
            pair.getPublic());
    var signer = new JcaContentSignerBuilder("SHA256withRSA").build(pair.getPrivate());
    return new JcaX509CertificateConverter().getCertificate(builder.build(signer));
  }

  RSAPublicKey publicKey() {
    return publicKey;
  }

  TokenSigner signer() {
    return TokenSigner.rsa("RS256", privateKey);
  }

  /** Returns the SHA-1 digest of the certificate, as in {@code x5t}. */
  String thumbprint() {
    return BASE64_URL.encodeToString(digest("SHA-1"));
  }

  /** Returns the SHA-256 digest of the certificate, as in {@code x5t#S256}. */
  String thumbprintSha256() {
    return BASE64_URL.encodeToString(digest("SHA-256"));
  }

  /** Returns the members of the JSON Web Key as a real domain shows them. */
  Map<String, Object> jwk() {
    Map<String, Object> jwk = new LinkedHashMap<>();
    jwk.put("kty", "RSA");
    jwk.put("x5t#S256", thumbprintSha256());
    jwk.put("e", unsigned(publicKey.getPublicExponent()));
    jwk.put("x5t", thumbprint());
    jwk.put("kid", KEY_ID);
    jwk.put("x5c", List.of(Base64.getEncoder().encodeToString(encodedCertificate())));
    jwk.put("key_ops", List.of("encrypt", "sign"));
    jwk.put("alg", "RS256");
    jwk.put("n", unsigned(publicKey.getModulus()));
    return jwk;
  }

  private byte[] digest(String algorithm) {
    try {
      return MessageDigest.getInstance(algorithm).digest(encodedCertificate());
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("no " + algorithm, e);
    }
  }

  private byte[] encodedCertificate() {
    try {
      return certificate.getEncoded();
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("the certificate can't be encoded", e);
    }
  }

  private static String unsigned(BigInteger value) {
    byte[] bytes = value.toByteArray();
    int start = bytes.length > 1 && bytes[0] == 0 ? 1 : 0;
    byte[] magnitude = Arrays.copyOfRange(bytes, start, bytes.length);
    return BASE64_URL.encodeToString(magnitude);
  }
}
