// SPDX-License-Identifier: Apache-2.0
package org.openekm.server.doctor;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.openekm.server.http.EndpointConfig;
import org.openekm.server.http.HttpLimits;
import org.openekm.server.http.ListenerConfig;
import org.openekm.server.http.TlsConfig;
import org.openekm.testkit.fake.TestCertificate;
import org.openekm.testkit.fake.TestCertificates;
import org.openekm.testkit.fake.TestKeys;
import org.openekm.testkit.fake.TestSecrets;

/**
 * Every way in which a certificate keeps OCI away is told, with real certificates in real files.
 */
class CertificateChecksTest {

  private static final TestCertificates CA = TestCertificates.create();
  private static final String URL = "https://127.0.0.1:8443";

  @TempDir Path folder;

  @Test
  void goodCertificate_isOkInEveryRespect() {
    assertThat(findings(CA.server(), URL))
        .allMatch(finding -> finding.status() == Finding.Status.OK)
        .extracting(Finding::check)
        .containsExactly(
            "certificate",
            "certificate chain",
            "certificate dates",
            "certificate address",
            "certificate key");
  }

  @Test
  void addressInAnotherSpelling_isTheSame() {
    assertThat(status(findings(CA.server(), "https://[0:0:0:0:0:0:0:1]"), "certificate address"))
        .isEqualTo(Finding.Status.OK);
  }

  @Test
  void expired_failsWithTheDates() {
    List<Finding> findings = findings(CA.expired(), URL);

    assertThat(status(findings, "certificate")).isEqualTo(Finding.Status.FAILED);
    assertThat(find(findings, "certificate dates").message()).contains("is valid from", "to");
    assertThat(find(findings, "certificate dates").next()).contains("issue a new one", "clock");
  }

  @Test
  void notYetValid_fails() {
    assertThat(status(findings(CA.notYetValid(), URL), "certificate dates"))
        .isEqualTo(Finding.Status.FAILED);
  }

  @Test
  void aboutToExpire_warns() {
    TestCertificate soon =
        CA.issue(TestKeys.rsa(), Duration.ofDays(-10), Duration.ofDays(5), "127.0.0.1");

    assertThat(status(findings(soon, URL), "certificate dates")).isEqualTo(Finding.Status.WARNING);
  }

  @Test
  void otherAddress_failsWithTheNameToAdd() {
    Finding finding = find(findings(CA.wrongName(), URL), "certificate address");

    assertThat(finding.status()).isEqualTo(Finding.Status.FAILED);
    assertThat(finding.message()).contains("127.0.0.1 is not among", "192.0.2.1");
    assertThat(finding.next()).contains("IP:127.0.0.1");
  }

  @Test
  void hostName_isComparedWithDnsNames() {
    List<Finding> wrong = findings(CA.server(), "https://kms.example.com");
    List<Finding> wild = findings(CA.server("*.example.com"), "https://kms.example.com");

    assertThat(find(wrong, "certificate address").next()).contains("DNS:kms.example.com");
    assertThat(status(wild, "certificate address")).isEqualTo(Finding.Status.OK);
  }

  @Test
  void ecdsa_warnsBecauseOfTheGateway() {
    Finding finding = find(findings(CA.ecdsaServer(), URL), "certificate key");

    assertThat(finding.status()).isEqualTo(Finding.Status.WARNING);
    assertThat(finding.message()).contains("API Gateway");
  }

  @Test
  void missingIssuer_warnsThatTheChainEnds() {
    TestCertificate whole = CA.server();
    TestCertificate leaf = new TestCertificate(whole.keys(), whole.chain().subList(0, 1));

    Finding finding = find(findings(leaf, URL), "certificate chain");

    assertThat(finding.status()).isEqualTo(Finding.Status.WARNING);
    assertThat(finding.message()).contains("Test CA");
  }

  @Test
  void strangersIssuer_failsAsOutOfOrder() {
    TestCertificate mixed =
        new TestCertificate(
            CA.server().keys(),
            List.of(CA.server().certificate(), TestCertificates.create().caCertificate()));

    assertThat(find(findings(mixed, URL), "certificate chain"))
        .satisfies(
            finding -> {
              assertThat(finding.status()).isEqualTo(Finding.Status.FAILED);
              assertThat(finding.message()).contains("certificate 1");
            });
  }

  @Test
  void missingFile_failsAndNothingElseIsJudged() throws Exception {
    TestCertificate.PemFiles files = CA.server().writePem(folder);
    Files.delete(files.certificate());

    assertThat(judge(pem(files), Optional.of(URL)))
        .singleElement()
        .satisfies(
            finding -> {
              assertThat(finding.status()).isEqualTo(Finding.Status.FAILED);
              assertThat(finding.message()).contains("server.crt can't be read");
              assertThat(finding.next()).isNotEmpty();
            });
  }

  @Test
  void noUrl_warnsThatNothingCanBeCompared() {
    TestCertificate.PemFiles files = CA.server().writePem(folder);

    assertThat(find(judge(pem(files), Optional.empty()), "certificate address").next())
        .contains("endpoint.url");
  }

  @Test
  void plainHttp_warns() {
    EndpointConfig endpoint =
        EndpointConfig.of(
            new ListenerConfig("127.0.0.1", 0, Optional.empty(), HttpLimits.defaults()));

    assertThat(
            new CertificateChecks(endpoint, new TestSecrets(), InstantSource.system()).findings())
        .singleElement()
        .extracting(Finding::status)
        .isEqualTo(Finding.Status.WARNING);
  }

  private List<Finding> findings(TestCertificate certificate, String url) {
    return judge(pem(certificate.writePem(folder)), Optional.of(url));
  }

  private static TlsConfig pem(TestCertificate.PemFiles files) {
    return new TlsConfig(
        new TlsConfig.Pem(files.certificate(), files.privateKey(), Optional.empty()),
        Duration.ofSeconds(10));
  }

  private static List<Finding> judge(TlsConfig tls, Optional<String> url) {
    ListenerConfig listener =
        new ListenerConfig("127.0.0.1", 0, Optional.of(tls), HttpLimits.defaults());
    EndpointConfig usual = EndpointConfig.of(listener);
    EndpointConfig endpoint =
        new EndpointConfig(listener, usual.mounts(), usual.deadline(), usual.accessLog(), url);
    return new CertificateChecks(endpoint, new TestSecrets(), InstantSource.system()).findings();
  }

  private static Finding.Status status(List<Finding> findings, String check) {
    return find(findings, check).status();
  }

  private static Finding find(List<Finding> findings, String check) {
    return findings.stream()
        .filter(finding -> finding.check().equals(check))
        .findFirst()
        .orElseThrow(() -> new AssertionError("no " + check + " in " + findings));
  }
}
