// SPDX-License-Identifier: Apache-2.0
package org.openekm.server.http;

import java.security.GeneralSecurityException;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.Signature;
import java.security.cert.CertificateParsingException;
import java.security.cert.X509Certificate;
import java.security.interfaces.ECPublicKey;
import java.security.interfaces.RSAPublicKey;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import org.openekm.spi.CheckResult;

/** A private key and its certificate chain, the server's own certificate first. Immutable. */
final class TlsIdentity {

  private static final int MIN_RSA_BITS = 2048;
  private static final Duration EXPIRY_NOTICE = Duration.ofDays(21);
  private static final byte[] PROBE = {'e', 'k', 'm'};

  private final PrivateKey key;
  private final List<X509Certificate> chain;

  TlsIdentity(PrivateKey key, List<X509Certificate> chain) {
    this.key = key;
    this.chain = List.copyOf(chain);
  }

  PrivateKey key() {
    return key;
  }

  List<X509Certificate> chain() {
    return chain;
  }

  X509Certificate certificate() {
    return chain.get(0);
  }

  /** Same as {@link #requireValid}, and returns this. */
  TlsIdentity validated(Instant now) {
    requireValid(now);
    return this;
  }

  /**
   * Checks that callers can accept this identity.
   *
   * @throws TlsException with the first thing that makes it unusable
   */
  void requireValid(Instant now) {
    X509Certificate own = certificate();
    if (now.isAfter(own.getNotAfter().toInstant())) {
      throw new TlsException(
          "the TLS certificate expired on " + own.getNotAfter().toInstant() + "; issue a new one");
    }
    if (now.isBefore(own.getNotBefore().toInstant())) {
      throw new TlsException(
          "the TLS certificate is valid only from "
              + own.getNotBefore().toInstant()
              + "; check this machine's clock or wait");
    }
    if (own.getPublicKey() instanceof RSAPublicKey rsa
        && rsa.getModulus().bitLength() < MIN_RSA_BITS) {
      throw new TlsException(
          "the TLS certificate's RSA key has fewer than 2048 bits; make a key of 2048 bits or more");
    }
    if (!keyFits(own.getPublicKey())) {
      throw new TlsException(
          "the private key does not belong to the first certificate; put the server's own certificate first and its key beside"
              + " it");
    }
    requireOrder();
  }

  /**
   * Tells what works but may surprise: near expiry, ECDSA, an address that the certificate doesn't
   * name.
   */
  List<String> warnings(Instant now, Collection<String> addresses) {
    List<String> warnings = new ArrayList<>();
    X509Certificate own = certificate();
    Instant end = own.getNotAfter().toInstant();
    if (end.isBefore(now.plus(EXPIRY_NOTICE))) {
      warnings.add("the TLS certificate expires on " + end + "; renew it");
    }
    if (own.getPublicKey() instanceof ECPublicKey) {
      warnings.add(
          "the TLS certificate has an ECDSA key; OCI has refused such certificates, an RSA one is the safe choice");
    }
    for (String address : addresses) {
      if (!names(own).contains(address.toLowerCase(Locale.ROOT))) {
        warnings.add(
            "the TLS certificate does not name "
                + address
                + " among its subject alternative names; OCI checks the address that it connects to, so issue one that does");
      }
    }
    return warnings;
  }

  CheckResult check(Instant now) {
    Instant end = certificate().getNotAfter().toInstant();
    return now.isAfter(end)
        ? CheckResult.failed("the TLS certificate expired on " + end + "; issue a new one")
        : CheckResult.ok("the TLS certificate is valid until " + end);
  }

  private void requireOrder() {
    for (int i = 0; i + 1 < chain.size(); i++) {
      try {
        chain.get(i).verify(chain.get(i + 1).getPublicKey());
      } catch (GeneralSecurityException e) {
        throw new TlsException(
            "certificate "
                + (i + 1)
                + " of the chain is not signed by the next one; order them from the server's own to the root",
            e);
      }
    }
  }

  private boolean keyFits(PublicKey publicKey) {
    String algorithm =
        switch (publicKey.getAlgorithm()) {
          case "RSA" -> "SHA256withRSA";
          case "EC" -> "SHA256withECDSA";
          default -> publicKey.getAlgorithm();
        };
    try {
      Signature signer = Signature.getInstance(algorithm);
      signer.initSign(key);
      signer.update(PROBE);
      byte[] signature = signer.sign();
      Signature verifier = Signature.getInstance(algorithm);
      verifier.initVerify(publicKey);
      verifier.update(PROBE);
      return verifier.verify(signature);
    } catch (GeneralSecurityException e) {
      // A key of another kind or size: it does not belong to this certificate.
      return false;
    }
  }

  private static List<String> names(X509Certificate certificate) {
    try {
      Collection<List<?>> names = certificate.getSubjectAlternativeNames();
      return names == null
          ? List.of()
          : names.stream()
              .map(entry -> String.valueOf(entry.get(1)).toLowerCase(Locale.ROOT))
              .toList();
    } catch (CertificateParsingException e) {
      return List.of();
    }
  }
}
