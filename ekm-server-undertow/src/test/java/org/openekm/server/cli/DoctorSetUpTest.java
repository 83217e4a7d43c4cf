// SPDX-License-Identifier: Apache-2.0
package org.openekm.server.cli;

import static java.nio.file.StandardCopyOption.REPLACE_EXISTING;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.openekm.server.EkmServer;
import org.openekm.testkit.fake.LoopbackTlsServer;
import org.openekm.testkit.fake.Ports;
import org.openekm.testkit.fake.TestCertificates;
import org.openekm.testkit.oci.DomainEndpoint;
import org.openekm.testkit.oci.FakeIdentityDomain;
import org.openekm.testkit.oci.OAuthApp;
import org.openekm.testkit.oci.Outage;
import org.openekm.testkit.oci.TokenMint;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** A whole set-up with each thing that breaks it, looked at by the doctor. */
@Tag("once")
class DoctorSetUpTest {

  private static final TestCertificates DOMAIN_CA = TestCertificates.create();
  private static final String SECRET_FILE = "secrets/resource-app";

  @TempDir Path directory;

  private final StringWriter out = new StringWriter();
  private final StringWriter err = new StringWriter();
  private volatile Duration domainClock = Duration.ZERO;
  private FakeIdentityDomain domain;
  private EkmServer server;
  private Path home;
  private OAuthApp client;
  private int port;

  @BeforeEach
  void setUp() throws Exception {
    domain =
        FakeIdentityDomain.builder()
            .tls(DOMAIN_CA.server())
            .signingKeysProtected(true)
            .clock(() -> Instant.now().plus(domainClock))
            .start();
    home = directory.resolve("ekm");
    port = Ports.free();
    ekm("init", home.toString(), "--port", "" + port, "--admin-port", "" + Ports.free());
    Path trusted = DOMAIN_CA.writeCaPem(directory.resolve("domain-ca.pem"));
    // A machine that runs other tests beside this one may take longer than OCI would wait.
    Files.writeString(
        config(),
        Files.readString(config())
                .replace("endpoint:\n", "endpoint:\n  deadline: 20s\n")
                .replace("audit:\n", "audit:\n  max-wait: 5s\n")
            + "\ntokens:\n  keys:\n    trusted-certificates: "
            + trusted
            + "\n");
    OAuthApp resource = domain.addResourceApp("Resource_App", "https://127.0.0.1:" + port + "/");
    client = domain.addClientApp("Client_App", resource);
    writeSecret(resource.clientSecret());
    server = ServeCommand.assemble(config());
    server.start();
    manage(
        "issuer",
        "add",
        "my-domain",
        "--discovery-url=" + domain.discoveryUrl(),
        "--client-id=" + resource.clientId(),
        "--client-secret=${file:" + SECRET_FILE + "}");
    manage("tenancy", "add", "acme", "--ocid=ocid1.tenancy.oc1..aaaaexample");
    addVault("payments");
    Awaitility.await()
        .atMost(Duration.ofSeconds(60))
        .until(() -> run("status", "--config=" + config()) == 0);
  }

  private void writeSecret(String secret) throws Exception {
    Path file = Files.writeString(home.resolve(SECRET_FILE), secret);
    Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-------"));
  }

  @AfterEach
  void stop() {
    server.close();
    domain.close();
  }

  @Test
  void goodSetUp_isOkToTheLastCheck() throws Exception {
    JsonNode report = doctor(0);

    assertThat(report.path("healthy").asBoolean()).isTrue();
    assertThat(checks(report))
        .contains(
            "certificate address",
            "audit disk space",
            "audit",
            "store",
            "backend main",
            "issuer my-domain discovery",
            "issuer my-domain credentials",
            "issuer my-domain signing keys",
            "clock",
            reach(),
            reach() + " connect",
            reach() + " answer");
    assertThat(finding(report, reach()).path("message").asString()).contains("without a token");
    assertThat(finding(report, reach() + " answer").path("message").asString())
        .containsPattern("answers in [0-9]+ ms; OCI gives up after 1000 ms");
  }

  @Test
  void goodToken_isExplainedClaimByClaim() throws Exception {
    JsonNode report = doctor(0, "--token", token(domain.token(client)));

    assertThat(checks(report))
        .contains(
            "token form",
            "token kind",
            "token issuer",
            "token times",
            "token client",
            "token audience",
            "token scope",
            "token signature");
    assertThat(finding(report, "token client").path("message").asString())
        .contains(client.clientId());
  }

  @Test
  void everyWrongClaim_isToldByItself_andTheOthersAreOk() throws Exception {
    wrong(
        "token audience", domain.token(client).audience("https://10.0.0.9/"), "https://10.0.0.9/");
    wrong("token scope", domain.token(client).scope("read"), "oci_ekms");
    wrong("token client", domain.token("someone", client.audience()), client.clientId());
    wrong("token issuer", domain.token(client).claim("iss", "https://evil.example/"), "my-domain");
    wrong(
        "token times",
        domain.token(client).valid(Instant.now().minusSeconds(7200), Duration.ofHours(1)),
        "get a new token");
    wrong("token kind", domain.token(client).claim("tok_type", "IT"), "client credentials");
    try (FakeIdentityDomain other = FakeIdentityDomain.start()) {
      wrong("token signature", domain.token(client).signedBy(other.signer()), "another");
    }
  }

  @Test
  void rubbishAsToken_isRefusedByForm_andNeverPrinted() throws Exception {
    Path file = Files.writeString(directory.resolve("t"), "Bearer very.secret\u001b[31m.thing!\n");

    JsonNode report = doctor(1, "--token", file.toString());

    assertThat(failed(report)).containsExactly("token form");
    assertThat(report.toString()).doesNotContain("very.secret", "\\u001b");
  }

  @Test
  void tokenWithoutAVault_asksForTheVault() throws Exception {
    addVault("second");

    JsonNode report = doctor(1, "--token", token(domain.token(client)));
    assertThat(finding(report, "token").path("next").asString()).contains("--vault");

    assertThat(failed(doctor(0, "--token", token(domain.token(client)), "--vault", "second")))
        .isEmpty();
  }

  @Test
  void wrongSecret_isTheFaultOfTheCredentials() throws Exception {
    writeSecret("idcscs-wrong");

    JsonNode report = doctor(1);

    assertThat(failed(report)).contains("issuer my-domain credentials");
    assertThat(finding(report, "issuer my-domain credentials").path("next").asString())
        .contains("resource application");
  }

  @Test
  void secretThatEverybodyMayRead_isToldAsSuch() throws Exception {
    Files.setPosixFilePermissions(
        home.resolve(SECRET_FILE), PosixFilePermissions.fromString("rw-r--r--"));

    JsonNode finding = finding(doctor(1), "issuer my-domain credentials");

    assertThat(finding.path("message").asString()).contains("everybody");
    assertThat(finding.path("next").asString()).contains("the server's user");
  }

  @Test
  void clientAppsCredentials_areToldApartFromTheResourceApps() throws Exception {
    domain.outage(DomainEndpoint.JWKS, Outage.status(401));

    JsonNode report = doctor(1);

    assertThat(finding(report, "issuer my-domain signing keys").path("next").asString())
        .contains("client application's don't open");
  }

  @Test
  void domainDown_failsAtDiscovery() throws Exception {
    domain.outage(Outage.down());

    assertThat(failed(doctor(1))).contains("issuer my-domain discovery");
  }

  @Test
  void domainThatNobodyTrusts_failsAtDiscovery() throws Exception {
    TestCertificates.create().writeCaPem(directory.resolve("domain-ca.pem"));

    JsonNode report = doctor(1);

    assertThat(failed(report)).contains("issuer my-domain discovery");
    assertThat(finding(report, "issuer my-domain discovery").path("next").asString())
        .contains("trusted-certificates");
  }

  @Test
  void clockFarBehindTheDomains_fails() throws Exception {
    domainClock = Duration.ofMinutes(10);

    JsonNode report = doctor(1);

    assertThat(failed(report)).contains("clock");
    assertThat(finding(report, "clock").path("message").asString()).contains("behind my-domain");
  }

  @Test
  void clockALittleOff_warns() throws Exception {
    domainClock = Duration.ofSeconds(-30);

    JsonNode clock = finding(doctor(0), "clock");

    assertThat(clock.path("status").asString()).isEqualTo("warning");
    assertThat(clock.path("message").asString()).contains("ahead of my-domain");
  }

  @Test
  void stoppedServer_isLookedAtAllTheSame() throws Exception {
    String token = token(domain.token(client));
    server.close();

    JsonNode report = doctor(0, "--token", token);

    assertThat(finding(report, "server").path("status").asString()).isEqualTo("warning");
    assertThat(finding(report, "store").path("message").asString()).contains("1 vaults");
    assertThat(finding(report, "backend main").path("status").asString()).isEqualTo("ok");
    assertThat(finding(report, reach()).path("message").asString()).contains("not running");
    assertThat(finding(report, "token signature").path("status").asString()).isEqualTo("ok");
  }

  @Test
  void stoppedServer_startsAgainAfterTheDoctorWasThere() throws Exception {
    server.close();
    doctor(0);

    server = ServeCommand.assemble(config());
    server.start();

    assertThat(failed(doctor(0))).isEmpty();
  }

  @Test
  void wrongCertificateInTheFiles_failsWithWhatToIssue() throws Exception {
    server.close();
    TestCertificates ca = TestCertificates.create();
    var files = ca.wrongName().writePem(directory);
    Files.copy(files.certificate(), home.resolve("tls/server.pem"), REPLACE_EXISTING);
    Files.copy(files.privateKey(), home.resolve("tls/server.key"), REPLACE_EXISTING);

    JsonNode report = doctor(1);

    assertThat(failed(report)).containsExactly("certificate address");
  }

  @Test
  void certificateThatOciWouldRefuse_failsAtTheAddress() throws Exception {
    Path bundle = TestCertificates.create().writeCaPem(directory.resolve("other-ca.pem"));

    JsonNode report = doctor(1, "--ca-bundle", bundle.toString());

    assertThat(failed(report)).containsExactly(reach());
    assertThat(finding(report, reach()).path("message").asString()).startsWith("TLS fails");
  }

  @Test
  void gatewayThatRoutesSomewhereElse_fails() throws Exception {
    TestCertificates ca = TestCertificates.create();
    Path bundle = ca.writeCaPem(directory.resolve("gateway-ca.pem"));
    try (LoopbackTlsServer gateway = answering(ca, "404 Not Found", Duration.ZERO)) {
      addVault("gated", "--host=127.0.0.1", "--port=" + gateway.port());

      JsonNode report = doctor(1, "--ca-bundle", bundle.toString());

      JsonNode found = finding(report, "reach https://127.0.0.1:" + gateway.port());
      assertThat(found.path("status").asString()).isEqualTo("failed");
      assertThat(found.path("next").asString()).contains("path prefix");
    }
  }

  @Test
  void answerThatTakesLongerThanOciWaits_fails() throws Exception {
    TestCertificates ca = TestCertificates.create();
    Path bundle = ca.writeCaPem(directory.resolve("slow-ca.pem"));
    try (LoopbackTlsServer slow = answering(ca, "401 Unauthorized", Duration.ofMillis(1_050))) {
      addVault("slow", "--host=127.0.0.1", "--port=" + slow.port());

      JsonNode report = doctor(1, "--ca-bundle", bundle.toString());

      assertThat(failed(report)).contains("reach https://127.0.0.1:" + slow.port() + " answer");
    }
  }

  @Test
  void text_hasOneLinePerCheck_andWhatToDoUnderIt() throws Exception {
    domain.outage(Outage.down());

    assertThat(run("doctor", "--config", config().toString())).isEqualTo(1);

    assertThat(out.toString())
        .contains("ok    configuration: ")
        .containsPattern("(?m)^FAIL  issuer my-domain discovery: .+\\n      -> try the URL")
        .containsPattern("(?m)^[1-9] failed, [0-9]+ to look at, [0-9]+ ok$");
  }

  private void wrong(String check, TokenMint mint, String expected) throws Exception {
    JsonNode report = doctor(1, "--token", token(mint));

    assertThat(failed(report)).as(check).containsExactly(check);
    assertThat(finding(report, check).path("next").asString()).contains(expected);
  }

  private static LoopbackTlsServer answering(TestCertificates ca, String status, Duration delay)
      throws Exception {
    byte[] answer =
        ("HTTP/1.1 " + status + "\r\nContent-Length: 0\r\n\r\n")
            .getBytes(StandardCharsets.US_ASCII);
    return new LoopbackTlsServer(
        ca.server().serverContext(),
        connection -> {
          connection.getInputStream().read(new byte[4096]);
          pause(connection, delay);
          OutputStream stream = connection.getOutputStream();
          stream.write(answer);
          stream.flush();
        });
  }

  /** Lets time go by while the caller waits, who sends nothing more. */
  private static void pause(Socket connection, Duration delay) throws IOException {
    connection.setSoTimeout(Math.max(1, Math.toIntExact(delay.toMillis())));
    try {
      assertThat(connection.getInputStream().read()).isEqualTo(-1);
    } catch (SocketTimeoutException e) {
      assertThat(delay).isGreaterThanOrEqualTo(Duration.ZERO);
    }
  }

  private String token(TokenMint mint) throws Exception {
    return Files.writeString(directory.resolve("token.txt"), mint.serialize() + "\n").toString();
  }

  private String reach() {
    return "reach https://127.0.0.1:" + port;
  }

  private Path config() {
    return home.resolve("ekm.yaml");
  }

  private void addVault(String name, String... options) throws Exception {
    List<String> all =
        new ArrayList<>(
            List.of(
                "vault",
                "add",
                name,
                "--tenancy=acme",
                "--issuer=my-domain",
                "--client-id=" + client.clientId()));
    all.addAll(List.of(options));
    manage(all.toArray(String[]::new));
  }

  private void manage(String... arguments) {
    List<String> all = new ArrayList<>(List.of(arguments));
    all.add("--config=" + config());
    ekm(all.toArray(String[]::new));
  }

  private void ekm(String... arguments) {
    assertThat(run(arguments)).as(out + "\n" + err).isZero();
  }

  private JsonNode doctor(int exit, String... options) {
    List<String> all = new ArrayList<>(List.of("doctor", "--config", config().toString()));
    all.addAll(List.of("--output", "json"));
    all.addAll(List.of(options));
    int code = run(all.toArray(String[]::new));
    assertThat(code).as(out + "\n" + err).isEqualTo(exit);
    return JsonMapper.shared().readTree(out.toString());
  }

  private int run(String... arguments) {
    out.getBuffer().setLength(0);
    return Main.commandLine()
        .setOut(new PrintWriter(out, true))
        .setErr(new PrintWriter(err, true))
        .execute(arguments);
  }

  private static List<String> checks(JsonNode report) {
    List<String> checks = new ArrayList<>();
    report.path("findings").forEach(each -> checks.add(each.path("check").asString()));
    return checks;
  }

  private static List<String> failed(JsonNode report) {
    List<String> failed = new ArrayList<>();
    for (JsonNode each : report.path("findings")) {
      if (each.path("status").asString().equals("failed")) {
        failed.add(each.path("check").asString());
      }
    }
    return failed;
  }

  private static JsonNode finding(JsonNode report, String check) {
    for (JsonNode each : report.path("findings")) {
      if (each.path("check").asString().equals(check)) {
        return each;
      }
    }
    throw new AssertionError("no " + check + " in " + report);
  }
}
