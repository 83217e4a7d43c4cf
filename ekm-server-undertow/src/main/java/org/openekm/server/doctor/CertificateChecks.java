// SPDX-License-Identifier: Apache-2.0
package org.openekm.server.doctor;

import java.net.URI;
import java.security.GeneralSecurityException;
import java.security.cert.CertificateParsingException;
import java.security.cert.X509Certificate;
import java.security.interfaces.ECPublicKey;
import java.security.interfaces.RSAPublicKey;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import org.bouncycastle.util.IPAddress;
import org.openekm.server.http.EndpointConfig;
import org.openekm.server.http.TlsChain;
import org.openekm.server.http.TlsConfig;
import org.openekm.server.http.TlsContext;
import org.openekm.server.http.TlsException;
import org.openekm.spi.SecretResolver;
import org.openekm.spi.SecretUnavailableException;

/** Judges the certificate of the listener that OCI calls, by the rules of OCI and of TLS. */
final class CertificateChecks {

  private static final Duration NOTICE = Duration.ofDays(21);
  private static final int DNS_NAME = 2;
  private static final int IP_ADDRESS = 7;

  private final EndpointConfig endpoint;
  private final SecretResolver secrets;
  private final InstantSource clock;
  private final List<Finding> findings = new ArrayList<>();

  CertificateChecks(EndpointConfig endpoint, SecretResolver secrets, InstantSource clock) {
    this.endpoint = endpoint;
    this.secrets = secrets;
    this.clock = clock;
  }

  /** Returns the chain, if the files hold one. */
  static Optional<List<X509Certificate>> chain(EndpointConfig endpoint, SecretResolver secrets) {
    try {
      return endpoint.listener().tls().map(tls -> TlsChain.read(tls, secrets));
    } catch (TlsException | SecretUnavailableException e) {
      return Optional.empty();
    }
  }

  List<Finding> findings() {
    Optional<TlsConfig> tls = endpoint.listener().tls();
    if (tls.isEmpty()) {
      findings.add(
          Finding.warning(
              "certificate",
              "the endpoint speaks plain HTTP",
              "look at the certificate of what ends TLS before it; OCI checks that one"));
      return findings;
    }
    pair(tls.get());
    chain(endpoint, secrets)
        .ifPresent(
            chain -> {
              order(chain);
              dates(chain);
              address(chain.get(0));
              key(chain.get(0));
            });
    return findings;
  }

  private void pair(TlsConfig tls) {
    try {
      TlsContext.requireUsable(tls, secrets, clock);
      findings.add(Finding.ok("certificate", "the server can use it with its key"));
    } catch (TlsException | SecretUnavailableException e) {
      findings.add(Finding.failed("certificate", String.valueOf(e.getMessage())));
    }
  }

  private void order(List<X509Certificate> chain) {
    for (int i = 0; i + 1 < chain.size(); i++) {
      if (!isSignedBy(chain.get(i), chain.get(i + 1))) {
        findings.add(
            Finding.failed(
                "certificate chain",
                "certificate " + (i + 1) + " of the file is not signed by the next one",
                "put the server's own first, then each one's issuer, and leave out all others"));
        return;
      }
    }
    X509Certificate last = chain.get(chain.size() - 1);
    if (isSignedBy(last, last)) {
      findings.add(
          Finding.ok("certificate chain", chain.size() + " certificates, complete to the root"));
    } else {
      findings.add(
          Finding.warning(
              "certificate chain",
              "ends at "
                  + last.getSubjectX500Principal()
                  + ", whose issuer is not in the file: "
                  + last.getIssuerX500Principal(),
              "append the missing certificates, or see that they are in the CA bundle that OCI has"));
    }
  }

  private static boolean isSignedBy(X509Certificate one, X509Certificate issuer) {
    if (!one.getIssuerX500Principal().equals(issuer.getSubjectX500Principal())) {
      return false;
    }
    try {
      one.verify(issuer.getPublicKey());
      return true;
    } catch (GeneralSecurityException e) {
      return false;
    }
  }

  private void dates(List<X509Certificate> chain) {
    Instant now = clock.instant();
    Instant end = Instant.MAX;
    for (X509Certificate each : chain) {
      Instant until = each.getNotAfter().toInstant();
      if (now.isAfter(until) || now.isBefore(each.getNotBefore().toInstant())) {
        findings.add(
            Finding.failed(
                "certificate dates",
                each.getSubjectX500Principal()
                    + " is valid from "
                    + each.getNotBefore().toInstant()
                    + " to "
                    + until,
                "issue a new one; if those dates are right, set this machine's clock"));
        return;
      }
      end = until.isBefore(end) ? until : end;
    }
    findings.add(
        end.isBefore(now.plus(NOTICE))
            ? Finding.warning(
                "certificate dates",
                "the first of the chain to expire does so on " + end,
                "issue a new one by the same CA and write it over the old one")
            : Finding.ok("certificate dates", "all valid until " + end));
  }

  private void address(X509Certificate certificate) {
    if (endpoint.url().isEmpty()) {
      findings.add(
          Finding.warning(
              "certificate address",
              "endpoint.url is not set, so nothing tells what OCI calls",
              "set endpoint.url to the address that OCI calls"));
      return;
    }
    String host = URI.create(endpoint.url().get()).getHost().replaceAll("[\\[\\]]", "");
    int kind = IPAddress.isValid(host) ? IP_ADDRESS : DNS_NAME;
    List<String> names = names(certificate, kind);
    if (names.stream().anyMatch(name -> isSame(kind, name, host))) {
      findings.add(Finding.ok("certificate address", host + " is among its names"));
      return;
    }
    findings.add(
        Finding.failed(
            "certificate address",
            host
                + (kind == IP_ADDRESS
                    ? " is not among its IP addresses: "
                    : " is not among its DNS names: ")
                + (names.isEmpty() ? "none" : String.join(", ", names)),
            kind == IP_ADDRESS
                ? "issue a certificate with the subject alternative name IP:"
                    + host
                    + "; the address as a DNS name does not count"
                : "issue a certificate with the subject alternative name DNS:" + host));
  }

  private static boolean isSame(int kind, String name, String host) {
    if (kind == DNS_NAME) {
      boolean wildcard = name.startsWith("*.") && host.indexOf('.') > 0;
      return name.equalsIgnoreCase(host)
          || (wildcard && name.substring(1).equalsIgnoreCase(host.substring(host.indexOf('.'))));
    }
    return IPAddress.isValid(name) && address(name).equals(address(host));
  }

  /** Numbers only, so no name server is asked. */
  private static java.net.InetAddress address(String literal) {
    try {
      return java.net.InetAddress.getByName(literal);
    } catch (java.net.UnknownHostException e) {
      throw new IllegalArgumentException(literal + " is no address in numbers", e);
    }
  }

  private static List<String> names(X509Certificate certificate, int kind) {
    try {
      Collection<List<?>> names = certificate.getSubjectAlternativeNames();
      return names == null
          ? List.of()
          : names.stream()
              .filter(entry -> Integer.valueOf(kind).equals(entry.get(0)))
              .map(entry -> String.valueOf(entry.get(1)))
              .toList();
    } catch (CertificateParsingException e) {
      return List.of();
    }
  }

  private void key(X509Certificate certificate) {
    if (certificate.getPublicKey() instanceof RSAPublicKey rsa) {
      findings.add(Finding.ok("certificate key", "RSA, " + rsa.getModulus().bitLength() + " bits"));
    } else if (certificate.getPublicKey() instanceof ECPublicKey) {
      findings.add(
          Finding.warning(
              "certificate key",
              "ECDSA: OCI's API Gateway has refused to import such certificates",
              "use RSA of 2048 bits or more, surely so if the same CA issues the gateway's"));
    } else {
      findings.add(
          Finding.warning(
              "certificate key",
              certificate.getPublicKey().getAlgorithm() + " is unusual",
              "use RSA of 2048 bits or more"));
    }
  }
}
