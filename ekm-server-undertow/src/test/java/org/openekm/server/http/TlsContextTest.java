// SPDX-License-Identifier: Apache-2.0
package org.openekm.server.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import org.bouncycastle.asn1.pkcs.PrivateKeyInfo;
import org.bouncycastle.jce.provider.BouncyCastleProvider;
import org.bouncycastle.openssl.PKCS8Generator;
import org.bouncycastle.openssl.jcajce.JcaPEMWriter;
import org.bouncycastle.openssl.jcajce.JcaPKCS8Generator;
import org.bouncycastle.openssl.jcajce.JceOpenSSLPKCS8EncryptorBuilder;
import org.bouncycastle.openssl.jcajce.JcePEMEncryptorBuilder;
import org.bouncycastle.operator.OperatorCreationException;
import org.bouncycastle.util.io.pem.PemObject;
import org.bouncycastle.util.io.pem.PemWriter;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.openekm.spi.SecretReference;
import org.openekm.testkit.fake.RecordingListener;
import org.openekm.testkit.fake.TestCertificate;
import org.openekm.testkit.fake.TestCertificates;
import org.openekm.testkit.fake.TestKeys;
import org.openekm.testkit.fake.TestSecrets;

class TlsContextTest {

  private static final String PASSWORD = "${env:KEY_PASSWORD}";

  @TempDir private Path folder;
  private final TestCertificates authority = TestCertificates.create();
  private final RecordingListener listener = new RecordingListener();
  private final TestSecrets secrets = new TestSecrets();

  @BeforeEach
  void password() {
    secrets.put(PASSWORD, "correct horse");
  }

  @Test
  void pem_pkcs8_isRead() {
    assertThat(context(write(authority.server())).check().healthy()).isTrue();
    assertThat(listener.warnings()).isEmpty();
  }

  @Test
  void pem_pkcs1_isRead() throws IOException {
    TestCertificate certificate = authority.server();
    TlsConfig.Pem files = write(certificate);
    byte[] pkcs1 =
        PrivateKeyInfo.getInstance(certificate.keys().getPrivate().getEncoded())
            .parsePrivateKey()
            .toASN1Primitive()
            .getEncoded();
    writePem(files.key(), new PemObject("RSA PRIVATE KEY", pkcs1));
    assertThat(context(files).check().healthy()).isTrue();
  }

  @Test
  void pem_encryptedPkcs8_isReadWithItsPassword() throws IOException, OperatorCreationException {
    TestCertificate certificate = authority.server();
    TlsConfig.Pem files = write(certificate);
    var encryptor =
        new JceOpenSSLPKCS8EncryptorBuilder(PKCS8Generator.AES_256_CBC)
            .setProvider(new BouncyCastleProvider())
            .setPassword("correct horse".toCharArray())
            .build();
    StringWriter text = new StringWriter();
    try (JcaPEMWriter writer = new JcaPEMWriter(text)) {
      writer.writeObject(new JcaPKCS8Generator(certificate.keys().getPrivate(), encryptor));
    }
    Files.writeString(files.key(), text.toString());
    assertThat(context(withPassword(files)).check().healthy()).isTrue();
    assertThatThrownBy(() -> context(files)).hasMessageContaining("key-password");
    secrets.put(PASSWORD, "wrong");
    assertThatThrownBy(() -> context(withPassword(files)))
        .isInstanceOf(TlsException.class)
        .hasMessageContaining("password")
        .hasMessageNotContaining("wrong");
  }

  @Test
  void pem_encryptedPkcs1_isReadWithItsPassword() throws IOException {
    TestCertificate certificate = authority.server();
    TlsConfig.Pem files = write(certificate);
    var encryptor =
        new JcePEMEncryptorBuilder("AES-256-CBC")
            .setProvider(new BouncyCastleProvider())
            .setSecureRandom(new SecureRandom())
            .build("correct horse".toCharArray());
    StringWriter text = new StringWriter();
    try (JcaPEMWriter writer = new JcaPEMWriter(text)) {
      writer.writeObject(certificate.keys().getPrivate(), encryptor);
    }
    Files.writeString(files.key(), text.toString());
    assertThat(context(withPassword(files)).check().healthy()).isTrue();
  }

  @Test
  void pkcs12_isReadWithItsPassword() {
    Path file = authority.server().writePkcs12(folder.resolve("server.p12"), "correct horse");
    TlsConfig.Source source = new TlsConfig.Pkcs12(file, SecretReference.parse(PASSWORD));
    assertThat(context(source).check().healthy()).isTrue();
    secrets.put(PASSWORD, "wrong");
    assertThatThrownBy(() -> context(source))
        .isInstanceOf(TlsException.class)
        .hasMessageContaining("server.p12")
        .hasMessageNotContaining("wrong");
  }

  @Test
  void expiredCertificate_isRefused() {
    assertThatThrownBy(() -> context(write(authority.expired())))
        .isInstanceOf(TlsException.class)
        .hasMessageContaining("expired on")
        .hasMessageContaining("issue a new one");
  }

  @Test
  void notYetValidCertificate_isRefused() {
    assertThatThrownBy(() -> context(write(authority.notYetValid())))
        .isInstanceOf(TlsException.class)
        .hasMessageContaining("valid only from");
  }

  @Test
  void keyOfAnotherCertificate_isRefused() {
    TlsConfig.Pem files = write(authority.server());
    TestCertificate other =
        authority.issue(TestKeys.newRsa(2048), Duration.ofDays(-1), Duration.ofDays(1), "other");
    writeText(files.key(), other.privateKeyPem());
    assertThatThrownBy(() -> context(files))
        .isInstanceOf(TlsException.class)
        .hasMessageContaining("does not belong to the first certificate");
  }

  @Test
  void keyOfAnotherKind_isRefused() {
    TlsConfig.Pem files = write(authority.server());
    writeText(files.key(), authority.ecdsaServer().privateKeyPem());
    assertThatThrownBy(() -> context(files)).hasMessageContaining("does not belong");
  }

  @Test
  void shortRsaKey_isRefused() {
    TestCertificate weak =
        authority.issue(TestKeys.newRsa(1024), Duration.ofDays(-1), Duration.ofDays(1), "weak");
    assertThatThrownBy(() -> context(write(weak))).hasMessageContaining("2048 bits");
  }

  @Test
  void chainInWrongOrder_isRefused() {
    TestCertificate certificate = authority.server();
    TlsConfig.Pem files = write(certificate);
    writeText(files.certificate(), certificate.chainPem() + authority.server("another").chainPem());
    assertThatThrownBy(() -> context(files)).hasMessageContaining("not signed by the next one");
  }

  @ParameterizedTest
  @ValueSource(strings = {"rw-r--r--", "rw----r--", "rw-----w-"})
  void privateKey_openToEverybody_isRefused(String modes) throws IOException {
    TestCertificate.PemFiles files = authority.server().writePem(folder);
    Files.setPosixFilePermissions(files.privateKey(), PosixFilePermissions.fromString(modes));
    TlsConfig config =
        new TlsConfig(
            new TlsConfig.Pem(files.certificate(), files.privateKey(), Optional.empty()),
            Duration.ofSeconds(10));
    assertThatThrownBy(() -> TlsContext.requireUsable(config, secrets, InstantSource.system()))
        .isInstanceOf(TlsException.class)
        .hasMessageContaining("chmod o-rwx");
    Files.setPosixFilePermissions(files.privateKey(), PosixFilePermissions.fromString("r--r-----"));
    TlsContext.requireUsable(config, secrets, InstantSource.system());
  }

  @Test
  void fileMissing_isRefusedByName() {
    TlsConfig.Pem files =
        new TlsConfig.Pem(folder.resolve("no.crt"), folder.resolve("no.key"), Optional.empty());
    assertThatThrownBy(() -> context(files))
        .isInstanceOf(TlsException.class)
        .hasMessageContaining("no.crt can't be read");
  }

  @Test
  void fileWithSomethingElse_isRefused() {
    TlsConfig.Pem files = write(authority.server());
    writeText(files.key(), "hello");
    assertThatThrownBy(() -> context(files)).hasMessageContaining("holds no private key");
    writeText(files.certificate(), "hello");
    assertThatThrownBy(() -> context(files)).isInstanceOf(TlsException.class);
  }

  @Test
  void ecdsaCertificate_isTakenWithAWarning() {
    context(write(authority.ecdsaServer()));
    assertThat(listener.warnings())
        .singleElement()
        .satisfies(warning -> assertThat(warning.text()).contains("ECDSA", "RSA"));
  }

  @Test
  void addressNotInCertificate_isWarnedOf() {
    new TlsContext(
        new TlsConfig(write(authority.server()), Duration.ofSeconds(10)),
        List.of("10.0.0.5", "127.0.0.1"),
        secrets,
        InstantSource.system(),
        listener);
    assertThat(listener.warnings())
        .singleElement()
        .satisfies(warning -> assertThat(warning.text()).contains("10.0.0.5"));
  }

  @Test
  void certificateNearItsEnd_isWarnedOf() {
    context(
        write(
            authority.issue(TestKeys.rsa(), Duration.ofDays(-1), Duration.ofDays(3), "localhost")));
    assertThat(listener.warnings())
        .singleElement()
        .satisfies(warning -> assertThat(warning.text()).contains("expires on"));
  }

  @Test
  void reload_unchangedFiles_doesNothing() {
    assertThat(context(write(authority.server())).reload()).isEqualTo(TlsContext.Reload.UNCHANGED);
  }

  @Test
  void reload_badFiles_keepsTheOldAndWarnsOnce() {
    TlsConfig.Pem files = write(authority.server());
    TlsContext context = context(files);
    writeText(files.key(), authority.ecdsaServer().privateKeyPem());
    assertThat(context.reload()).isEqualTo(TlsContext.Reload.REFUSED);
    assertThat(context.reload()).isEqualTo(TlsContext.Reload.REFUSED);
    assertThat(context.check().healthy()).isTrue();
    assertThat(listener.warningCodes()).containsExactly("tls-reload-refused");
  }

  @Test
  void reload_filesRepairedAfterwards_takesThem() {
    TlsConfig.Pem files = write(authority.server());
    TlsContext context = context(files);
    TestCertificate next =
        authority.issue(
            TestKeys.newRsa(2048), Duration.ofDays(-1), Duration.ofDays(90), "localhost");
    writeText(files.certificate(), next.chainPem());
    assertThat(context.reload()).isEqualTo(TlsContext.Reload.REFUSED);
    writeText(files.key(), next.privateKeyPem());
    assertThat(context.reload()).isEqualTo(TlsContext.Reload.CHANGED);
    assertThat(context.reload()).isEqualTo(TlsContext.Reload.UNCHANGED);
  }

  private TlsContext context(TlsConfig.Source source) {
    return new TlsContext(
        new TlsConfig(source, Duration.ofSeconds(10)),
        List.of(),
        secrets,
        InstantSource.system(),
        listener);
  }

  private TlsConfig.Pem write(TestCertificate certificate) {
    TestCertificate.PemFiles files = certificate.writePem(folder);
    return new TlsConfig.Pem(files.certificate(), files.privateKey(), Optional.empty());
  }

  private static TlsConfig.Pem withPassword(TlsConfig.Pem files) {
    return new TlsConfig.Pem(
        files.certificate(), files.key(), Optional.of(SecretReference.parse(PASSWORD)));
  }

  private static void writePem(Path file, PemObject object) throws IOException {
    StringWriter text = new StringWriter();
    try (PemWriter writer = new PemWriter(text)) {
      writer.writeObject(object);
    }
    Files.writeString(file, text.toString());
  }

  private static void writeText(Path file, String text) {
    try {
      Files.writeString(file, text);
    } catch (IOException e) {
      throw new java.io.UncheckedIOException(e);
    }
  }
}
