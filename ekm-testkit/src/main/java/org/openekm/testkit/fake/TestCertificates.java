// SPDX-License-Identifier: Apache-2.0
package org.openekm.testkit.fake;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.math.BigInteger;
import java.net.InetAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyStore;
import java.security.SecureRandom;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Arrays;
import java.util.Date;
import java.util.List;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;
import org.bouncycastle.asn1.x500.X500Name;
import org.bouncycastle.asn1.x509.BasicConstraints;
import org.bouncycastle.asn1.x509.ExtendedKeyUsage;
import org.bouncycastle.asn1.x509.Extension;
import org.bouncycastle.asn1.x509.GeneralName;
import org.bouncycastle.asn1.x509.GeneralNames;
import org.bouncycastle.asn1.x509.KeyPurposeId;
import org.bouncycastle.asn1.x509.KeyUsage;
import org.bouncycastle.cert.CertIOException;
import org.bouncycastle.cert.jcajce.JcaX509CertificateConverter;
import org.bouncycastle.cert.jcajce.JcaX509v3CertificateBuilder;
import org.bouncycastle.operator.OperatorCreationException;
import org.bouncycastle.operator.jcajce.JcaContentSignerBuilder;

/**
 * A certificate authority of a test's own, with good and bad server certificates.
 *
 * <pre>{@code
 * TestCertificates ca = TestCertificates.create();
 * SSLContext server = ca.server().serverContext();
 * SSLContext client = ca.clientContext();
 * }</pre>
 *
 * <p>Thread-safe. Each authority has its own key and name, so nothing that one of them signs is
 * trusted by the clients of another.
 */
public final class TestCertificates {

  private static final Duration DAY = Duration.ofDays(1);
  private static final SecureRandom RANDOM = new SecureRandom();

  private final InstantSource clock;
  private final KeyPair caKeys;
  private final X500Name caName;
  private final X509Certificate caCertificate;

  private record Plan(
      X500Name subject,
      KeyPair keys,
      Instant from,
      Instant until,
      List<String> names,
      KeyPurposeId purpose) {}

  private TestCertificates(InstantSource clock) {
    this.clock = clock;
    this.caKeys = TestKeys.newRsa(2048);
    this.caName = new X500Name("CN=Test CA " + serial().toString(16));
    Instant now = clock.instant();
    Plan plan =
        new Plan(
            caName,
            caKeys,
            now.minus(DAY),
            now.plus(DAY.multipliedBy(30)),
            List.of(),
            KeyPurposeId.anyExtendedKeyUsage);
    this.caCertificate = sign(plan);
  }

  /** Makes a new authority whose certificates are valid around the present time. */
  public static TestCertificates create() {
    return create(InstantSource.system());
  }

  /** Makes a new authority whose certificates are valid around the clock's time. */
  public static TestCertificates create(InstantSource clock) {
    return new TestCertificates(clock);
  }

  /**
   * Makes an RSA-2048 certificate for {@code localhost}, {@code 127.0.0.1} and {@code ::1}, valid
   * for 30 days.
   */
  public TestCertificate server() {
    return server("localhost", "127.0.0.1", "::1");
  }

  /** Makes an RSA-2048 certificate for the given DNS names and IP addresses, valid for 30 days. */
  public TestCertificate server(String... names) {
    return issue(TestKeys.rsa(), Duration.ofDays(-1), Duration.ofDays(30), names);
  }

  /** Makes a server certificate like {@link #server()}, but with a P-256 key. */
  public TestCertificate ecdsaServer() {
    return issue(
        TestKeys.newEc(),
        Duration.ofDays(-1),
        Duration.ofDays(30),
        "localhost",
        "127.0.0.1",
        "::1");
  }

  /**
   * Makes a certificate for a TLS client of this name, valid for 30 days, with a P-256 key of its
   * own.
   */
  public TestCertificate client(String name) {
    return client(name, Duration.ofDays(-1), Duration.ofDays(30));
  }

  /**
   * Makes a certificate for a TLS client, with a P-256 key of its own.
   *
   * @param from start of validity, counted from now
   * @param until end of validity, counted from now
   */
  public TestCertificate client(String name, Duration from, Duration until) {
    Instant now = clock.instant();
    KeyPair keys = TestKeys.newEc();
    Plan plan =
        new Plan(
            new X500Name("CN=" + name),
            keys,
            now.plus(from),
            now.plus(until),
            List.of(name),
            KeyPurposeId.id_kp_clientAuth);
    return new TestCertificate(keys, List.of(sign(plan), caCertificate));
  }

  /** Makes a certificate like {@link #server()} that expired a day ago. */
  public TestCertificate expired() {
    return issue(
        TestKeys.rsa(), Duration.ofDays(-10), Duration.ofDays(-1), "localhost", "127.0.0.1", "::1");
  }

  /** Makes a certificate like {@link #server()} that becomes valid in a day. */
  public TestCertificate notYetValid() {
    return issue(
        TestKeys.rsa(), Duration.ofDays(1), Duration.ofDays(10), "localhost", "127.0.0.1", "::1");
  }

  /** Makes a valid certificate for a name and an address that are not this machine's. */
  public TestCertificate wrongName() {
    return server("elsewhere.example", "192.0.2.1");
  }

  /**
   * Makes a certificate.
   *
   * @param keys the server's keys
   * @param from start of validity, counted from now
   * @param until end of validity, counted from now
   * @param names DNS names and IP addresses for the subject alternative names; the first is the
   *     common name too
   */
  public TestCertificate issue(KeyPair keys, Duration from, Duration until, String... names) {
    Instant now = clock.instant();
    X500Name subject = new X500Name("CN=" + names[0]);
    Plan plan =
        new Plan(
            subject,
            keys,
            now.plus(from),
            now.plus(until),
            List.copyOf(Arrays.asList(names)),
            KeyPurposeId.id_kp_serverAuth);
    return new TestCertificate(keys, List.of(sign(plan), caCertificate));
  }

  /** Returns the authority's own certificate. */
  public X509Certificate caCertificate() {
    return caCertificate;
  }

  /** Returns the authority's own certificate as PEM. */
  public String caPem() {
    return TestCertificate.pem("CERTIFICATE", TestCertificate.encoded(caCertificate));
  }

  /** Writes the authority's own certificate to a PEM file and returns the path. */
  public Path writeCaPem(Path file) {
    try {
      return Files.writeString(file, caPem());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Returns a key store that holds the authority's certificate and nothing else. */
  public KeyStore trustStore() {
    try {
      KeyStore store = KeyStore.getInstance("PKCS12");
      store.load(null, null);
      store.setCertificateEntry("ca", caCertificate);
      return store;
    } catch (GeneralSecurityException | IOException e) {
      throw new IllegalStateException("can't make a trust store", e);
    }
  }

  /** Returns a TLS context for clients that trust this authority and no other. */
  public SSLContext clientContext() {
    try {
      TrustManagerFactory factory =
          TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
      factory.init(trustStore());
      SSLContext context = SSLContext.getInstance("TLS");
      context.init(null, factory.getTrustManagers(), null);
      return context;
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("can't make a TLS context", e);
    }
  }

  private X509Certificate sign(Plan plan) {
    try {
      JcaX509v3CertificateBuilder builder =
          new JcaX509v3CertificateBuilder(
              caName,
              serial(),
              Date.from(plan.from()),
              Date.from(plan.until()),
              plan.subject(),
              plan.keys().getPublic());
      addExtensions(builder, plan);
      return new JcaX509CertificateConverter()
          .getCertificate(
              builder.build(
                  new JcaContentSignerBuilder("SHA256withRSA").build(caKeys.getPrivate())));
    } catch (OperatorCreationException | GeneralSecurityException | IOException e) {
      throw new IllegalStateException("can't make a certificate", e);
    }
  }

  private static void addExtensions(JcaX509v3CertificateBuilder builder, Plan plan)
      throws CertIOException {
    boolean authority = plan.names().isEmpty();
    builder.addExtension(Extension.basicConstraints, true, new BasicConstraints(authority));
    if (authority) {
      builder.addExtension(
          Extension.keyUsage, true, new KeyUsage(KeyUsage.keyCertSign | KeyUsage.cRLSign));
    } else {
      builder.addExtension(
          Extension.keyUsage,
          true,
          new KeyUsage(KeyUsage.digitalSignature | KeyUsage.keyEncipherment));
      builder.addExtension(Extension.extendedKeyUsage, false, new ExtendedKeyUsage(plan.purpose()));
      GeneralName[] alternatives =
          plan.names().stream().map(TestCertificates::alternative).toArray(GeneralName[]::new);
      builder.addExtension(Extension.subjectAlternativeName, false, new GeneralNames(alternatives));
    }
  }

  private static GeneralName alternative(String name) {
    boolean address = name.indexOf(':') >= 0 || name.matches("[0-9.]+");
    return new GeneralName(
        address ? GeneralName.iPAddress : GeneralName.dNSName, address ? literal(name) : name);
  }

  /** An address in numbers never asks a name server. */
  private static String literal(String address) {
    try {
      return InetAddress.getByName(address).getHostAddress();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static BigInteger serial() {
    return new BigInteger(64, RANDOM).add(BigInteger.ONE);
  }
}
