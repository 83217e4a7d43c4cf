// SPDX-License-Identifier: Apache-2.0
package org.openekm.testkit.kmip;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.math.BigInteger;
import java.net.InetAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.SecureRandom;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import java.util.Date;
import java.util.List;
import java.util.Optional;
import org.bouncycastle.asn1.x500.X500Name;
import org.bouncycastle.asn1.x509.BasicConstraints;
import org.bouncycastle.asn1.x509.ExtendedKeyUsage;
import org.bouncycastle.asn1.x509.Extension;
import org.bouncycastle.asn1.x509.GeneralName;
import org.bouncycastle.asn1.x509.GeneralNames;
import org.bouncycastle.asn1.x509.KeyPurposeId;
import org.bouncycastle.asn1.x509.KeyUsage;
import org.bouncycastle.cert.jcajce.JcaX509CertificateConverter;
import org.bouncycastle.cert.jcajce.JcaX509v3CertificateBuilder;
import org.bouncycastle.operator.OperatorCreationException;
import org.bouncycastle.operator.jcajce.JcaContentSignerBuilder;
import org.openekm.testkit.fake.TestCertificate;
import org.openekm.testkit.fake.TestKeys;

/**
 * Signs the certificates of a key manager and of its clients, all with P-256 keys. A client's
 * common name is who it is. Thread-safe.
 */
public final class KmipAuthority {

  private static final Duration DAY = Duration.ofDays(1);
  private static final SecureRandom RANDOM = new SecureRandom();

  private final KeyPair keys = TestKeys.newEc();
  private final X500Name name = new X500Name("CN=KMIP test CA " + serial().toString(16));
  private final X509Certificate certificate;

  /** Files in PEM. */
  public record PemFiles(Path certificate, Path privateKey) {}

  private record Plan(
      X500Name subject,
      KeyPair keys,
      Duration until,
      Optional<KeyPurposeId> use,
      List<String> names) {}

  /** Makes an authority with a key of its own. */
  public KmipAuthority() {
    certificate = sign(new Plan(name, keys, DAY.multipliedBy(30), Optional.empty(), List.of()));
  }

  /** Makes a server's certificate for the names of this machine. */
  public TestCertificate server() {
    return server(DAY.multipliedBy(30), "localhost", "127.0.0.1", "::1");
  }

  /**
   * Makes a server's certificate.
   *
   * @param until when it ends, counted from now; negative for one that has
   * @param names DNS names and IP addresses
   */
  public TestCertificate server(Duration until, String... names) {
    return issue(names[0], until, KeyPurposeId.id_kp_serverAuth, List.of(names));
  }

  /** Makes a client's certificate. */
  public TestCertificate client(String commonName) {
    return issue(commonName, DAY.multipliedBy(30), KeyPurposeId.id_kp_clientAuth, List.of());
  }

  private TestCertificate issue(
      String commonName, Duration until, KeyPurposeId use, List<String> names) {
    KeyPair own = TestKeys.newEc();
    X500Name subject = new X500Name("CN=" + commonName);
    return new TestCertificate(
        own, List.of(sign(new Plan(subject, own, until, Optional.of(use), names)), certificate));
  }

  /** Returns the authority's own certificate. */
  public X509Certificate certificate() {
    return certificate;
  }

  /** Writes the authority's certificate as PEM and returns the path. */
  public Path writeCa(Path file) {
    try {
      String body =
          Base64.getMimeEncoder(64, "\n".getBytes(US_ASCII))
              .encodeToString(certificate.getEncoded());
      return Files.writeString(
          file, "-----BEGIN CERTIFICATE-----\n" + body + "\n-----END CERTIFICATE-----\n");
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("a certificate has no encoding", e);
    }
  }

  /** Writes a certificate and its key as {@code NAME.pem} and {@code NAME.key}. */
  public static PemFiles write(TestCertificate made, Path folder, String name) {
    try {
      Path file = folder.resolve(name + ".key");
      Files.deleteIfExists(file);
      Files.createFile(file);
      if (Files.getFileStore(file).supportsFileAttributeView("posix")) {
        Files.setPosixFilePermissions(
            file, java.nio.file.attribute.PosixFilePermissions.fromString("rw-------"));
      }
      Files.writeString(file, made.privateKeyPem());
      return new PemFiles(Files.writeString(folder.resolve(name + ".pem"), made.chainPem()), file);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private X509Certificate sign(Plan plan) {
    Instant now = Instant.now();
    Instant end = now.plus(plan.until());
    Instant from = now.isBefore(end) ? now.minus(DAY) : end.minus(DAY);
    try {
      JcaX509v3CertificateBuilder builder =
          new JcaX509v3CertificateBuilder(
              name,
              serial(),
              Date.from(from),
              Date.from(end),
              plan.subject(),
              plan.keys().getPublic());
      extend(builder, plan);
      return new JcaX509CertificateConverter()
          .getCertificate(
              builder.build(
                  new JcaContentSignerBuilder("SHA256withECDSA").build(keys.getPrivate())));
    } catch (OperatorCreationException | GeneralSecurityException | IOException e) {
      throw new IllegalStateException("can't make a certificate", e);
    }
  }

  private static void extend(JcaX509v3CertificateBuilder builder, Plan plan) throws IOException {
    boolean authority = plan.use().isEmpty();
    builder.addExtension(Extension.basicConstraints, true, new BasicConstraints(authority));
    builder.addExtension(
        Extension.keyUsage,
        true,
        new KeyUsage(
            authority ? KeyUsage.keyCertSign | KeyUsage.cRLSign : KeyUsage.digitalSignature));
    if (plan.use().isPresent()) {
      builder.addExtension(
          Extension.extendedKeyUsage, false, new ExtendedKeyUsage(plan.use().get()));
    }
    if (!plan.names().isEmpty()) {
      GeneralName[] names =
          plan.names().stream().map(KmipAuthority::alternative).toArray(GeneralName[]::new);
      builder.addExtension(Extension.subjectAlternativeName, false, new GeneralNames(names));
    }
  }

  private static GeneralName alternative(String text) {
    boolean address = text.indexOf(':') >= 0 || text.matches("[0-9.]+");
    try {
      return address
          ? new GeneralName(GeneralName.iPAddress, InetAddress.getByName(text).getHostAddress())
          : new GeneralName(GeneralName.dNSName, text);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static BigInteger serial() {
    return new BigInteger(64, RANDOM).add(BigInteger.ONE);
  }
}
