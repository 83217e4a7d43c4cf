// SPDX-License-Identifier: Apache-2.0
package org.openekm.server.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.openekm.server.EkmServer;
import org.openekm.testkit.fake.Ports;
import picocli.CommandLine;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Versions, rotation, labels, locks and wrapped import as an operator types them. */
@Tag("once")
class KeyLifeCommandsTest {

  private static final JsonMapper JSON = JsonMapper.builder().build();
  private static final String KEY = "payments/k";

  @TempDir Path folder;
  private EkmServer server;
  private String config = "";

  private record Run(int exit, String out, String err) {}

  @BeforeEach
  void start() {
    Path home = folder.resolve("ekm");
    String port = Integer.toString(Ports.free());
    String adminPort = Integer.toString(Ports.free());
    Run init = ekm("init", home.toString(), "--port", port, "--admin-port", adminPort);
    assertThat(init.exit()).as(init.err()).isZero();
    config = home.resolve("ekm.yaml").toString();
    server = ServeCommand.assemble(home.resolve("ekm.yaml"));
    server.start();
    json("issuer", "add", "domain", "--discovery-url", "https://127.0.0.1:1/.well-known/x");
    json("tenancy", "add", "acme", "--ocid", "ocid1.tenancy.oc1..aaaaexample");
    addVault("payments");
    json("key", "create", "k", "--vault", "payments");
  }

  @AfterEach
  void stop() {
    if (server != null) {
      server.close();
    }
  }

  private JsonNode addVault(String name, String... more) {
    List<String> words =
        new ArrayList<>(List.of("vault", "add", name, "--tenancy", "acme", "--issuer", "domain"));
    words.addAll(List.of("--client-id", "abc", "--host", "127.0.0.1"));
    words.addAll(List.of(more));
    return json(words.toArray(String[]::new));
  }

  private static Run ekm(String... arguments) {
    StringWriter out = new StringWriter();
    StringWriter err = new StringWriter();
    CommandLine line =
        Main.commandLine().setOut(new PrintWriter(out, true)).setErr(new PrintWriter(err, true));
    return new Run(line.execute(arguments), out.toString(), err.toString());
  }

  private Run manage(String... arguments) {
    List<String> all = new ArrayList<>(List.of(arguments));
    all.addAll(List.of("--config", config));
    return ekm(all.toArray(String[]::new));
  }

  private JsonNode json(String... arguments) {
    List<String> all = new ArrayList<>(List.of(arguments));
    all.add("--output=json");
    Run run = manage(all.toArray(String[]::new));
    assertThat(run.exit()).as(run.err()).isZero();
    return JSON.readTree(run.out());
  }

  private Run refused(String... arguments) {
    Run run = manage(arguments);
    assertThat(run.exit()).as(run.out()).isEqualTo(1);
    return run;
  }

  @Test
  void versions_areListedShownDisabledAndEnabled() {
    json("key", "rotate", KEY);
    JsonNode listed = json("key", "versions", KEY).path("items");
    assertThat(listed).hasSize(2);
    assertThat(listed.get(0).path("current").asBoolean()).isTrue();
    assertThat(manage("key", "versions", KEY).out()).contains("Current");

    String id = json("key", "show-version", KEY, "1").path("id").asString();
    assertThat(json("key", "disable-version", KEY, "1").path("state").asString())
        .isEqualTo("DISABLED");
    assertThat(json("key", "show-version", KEY, id).path("state").asString()).isEqualTo("DISABLED");
    assertThat(json("key", "show", KEY).path("state").asString()).isEqualTo("ACTIVE");
    assertThat(json("key", "enable-version", KEY, id).path("state").asString()).isEqualTo("ACTIVE");
    assertThat(manage("key", "disable-version", KEY, "2").out()).contains("encrypts nothing");
    assertThat(refused("key", "show-version", KEY, "9").err()).contains("see key versions");
  }

  @Test
  void rotation_isSetShownAndCleared() {
    JsonNode set = json("key", "set-rotation", KEY, "2160h");
    assertThat(set.path("rotationPeriod").asString()).isEqualTo("90d");
    JsonNode shown = json("key", "show", KEY);
    assertThat(
            Duration.between(
                Instant.parse(shown.path("createdAt").asString()),
                Instant.parse(shown.path("nextRotation").asString())))
        .isBetween(Duration.ofDays(89), Duration.ofDays(91));
    assertThat(json("key", "clear-rotation", KEY).has("rotationPeriod")).isFalse();
    assertThat(
            json("key", "create", "r", "--vault", "payments", "--rotate-every", "36h")
                .path("rotationPeriod")
                .asString())
        .isEqualTo("36h");
    assertThat(refused("key", "set-rotation", KEY, "59m").err()).contains("1 hour to 3650 days");
    assertThat(refused("key", "set-rotation", KEY, "soon").err()).contains("rotationPeriod");
  }

  @Test
  void labels_areGivenReplacedAndFilteredBy() {
    json("key", "create", "a", "--vault", "payments", "--label", "team=x y", "--label", "e=1=2");
    assertThat(
            json("key", "list", "--vault", "payments", "--label", "team=x y", "--label", "e=1=2")
                .path("items"))
        .hasSize(1);
    assertThat(json("key", "list", "--vault", "payments", "--label", "team=x").path("items"))
        .isEmpty();
    assertThat(manage("key", "show", "payments/a").out()).contains("e=1=2, team=x y");
    assertThat(json("key", "set-labels", "payments/a").has("labels")).isFalse();

    addVault("other", "--label", "stage=test");
    assertThat(json("vault", "list", "--label", "stage=test").path("items")).hasSize(1);
    json("vault", "set-labels", "payments", "stage=test", "tier=1");
    assertThat(json("vault", "list", "--label", "stage=test").path("items")).hasSize(2);
    assertThat(json("vault", "list", "--label", "stage=test", "--label", "tier=1").path("items"))
        .hasSize(1);
    assertThat(refused("vault", "set-labels", "payments", "two words=1").err()).contains("labels");
    assertThat(manage("vault", "set-labels", "payments", "nothing").exit()).isEqualTo(2);
  }

  @Test
  void vault_backendLockAndAuditSwitch() {
    assertThat(json("vault", "audit-success", "payments", "off").path("auditSuccess").asBoolean())
        .isFalse();
    assertThat(json("vault", "audit-success", "payments", "on").path("auditSuccess").asBoolean())
        .isTrue();
    assertThat(manage("vault", "audit-success", "payments", "maybe").exit()).isEqualTo(2);

    String backend = json("vault", "show", "payments").path("backend").asString();
    assertThat(json("vault", "set-backend", "payments", backend).path("backendLocked").asBoolean())
        .isFalse();
    assertThat(refused("vault", "set-backend", "payments", "tape").err())
        .contains("is not configured on this server");
    assertThat(json("vault", "lock-backend", "payments").path("backendLocked").asBoolean())
        .isTrue();
    assertThat(addVault("locked", "--lock-backend").path("backendLocked").asBoolean()).isTrue();
  }

  @Test
  void vault_deadManSwitch() {
    assertThat(refused("vault", "heartbeat", "payments").err()).contains("set-dead-man");
    assertThat(refused("vault", "set-dead-man", "payments", "30s").err())
        .contains("period", "1 minute to 366 days");
    assertThat(json("vault", "set-dead-man", "payments", "36h").path("deadManPeriod").asString())
        .isEqualTo("36h");
    JsonNode alive = json("vault", "heartbeat", "payments");
    assertThat(Instant.parse(alive.path("blocksAt").asString()))
        .isEqualTo(
            Instant.parse(alive.path("lastHeartbeat").asString()).plus(Duration.ofHours(36)));
    assertThat(json("vault", "clear-dead-man", "payments").has("deadManPeriod")).isFalse();
  }

  @Test
  void destroy_needsTheBlockEvenOfADisabledKey() {
    json("key", "disable", KEY);
    assertThat(refused("key", "destroy", KEY, "--yes", "--force").err()).contains("block it first");
    json("key", "block", KEY);
    assertThat(json("key", "destroy", KEY, "--yes", "--force").path("state").asString())
        .isEqualTo("DESTROYED");
    assertThat(manage("vault", "remove", "payments", "--force").exit()).isZero();
  }

  @Test
  void import_wrappedByOpenssl_isTheKeyThatWasWrapped() throws Exception {
    assumeTrue(openssl("version").equals(0), "openssl is not installed");
    Path publicKey = folder.resolve("import-key.pem");
    assertThat(json("key", "import-key", publicKey.toString()).path("sha256").asString())
        .matches("[0-9a-f]{64}");
    assertThat(Files.readString(publicKey)).startsWith("-----BEGIN PUBLIC KEY-----");

    byte[] raw = new byte[32];
    new SecureRandom().nextBytes(raw);
    String wrapped = wrapped(publicKey, raw).toString();
    JsonNode made =
        json(
            "key",
            "import",
            "own",
            "--vault",
            "payments",
            "--wrapped",
            wrapped,
            "--wrapping",
            "rsa-aes-256");
    assertThat(made.path("state").asString()).isEqualTo("ACTIVE");
    assertThat(json("key", "rotate", KEY, "--wrapped", wrapped).path("versions").asInt())
        .isEqualTo(2);

    Path damaged = folder.resolve("damaged");
    byte[] bytes = Files.readAllBytes(Path.of(wrapped));
    bytes[400] ^= 1;
    Files.write(damaged, bytes);
    assertThat(
            refused("key", "import", "x", "--vault", "payments", "--wrapped", damaged.toString())
                .err())
        .contains("wrappedMaterial: can't be opened")
        .contains("ekm key import-key");
  }

  @Test
  void import_wrappedByOpensslUnderAKeyOfTheBackend() throws Exception {
    assumeTrue(openssl("version").equals(0), "openssl is not installed");
    byte[] kek = new byte[32];
    new SecureRandom().nextBytes(kek);
    String kekFile = Files.write(folder.resolve("kek"), kek).toString();
    json("key", "import", "kek", "--vault", "payments", "--from", kekFile, "--pre-active");
    byte[] raw = new byte[32];
    new SecureRandom().nextBytes(raw);
    Path rawFile = Files.write(folder.resolve("raw-key"), raw);
    String wrapped = folder.resolve("wrapped-key").toString();
    List<String> kwp = new ArrayList<>(List.of("enc", "-id-aes256-wrap-pad", "-e"));
    kwp.addAll(List.of("-K", HexFormat.of().formatHex(kek), "-iv", "A65959A6"));
    kwp.addAll(List.of("-in", rawFile.toString(), "-out", wrapped));
    assertThat(openssl(kwp.toArray(String[]::new))).isZero();

    String[] words = {
      "key", "import", "own", "--vault", "payments", "--wrapped", wrapped, "--wrapping", "aes-kwp"
    };
    assertThat(refused(words).err()).contains("wrappingKey");
    List<String> all = new ArrayList<>(List.of(words));
    all.addAll(List.of("--wrapping-key", "payments/kek"));
    assertThat(json(all.toArray(String[]::new)).path("state").asString()).isEqualTo("ACTIVE");
  }

  @Test
  void import_wrongUsage_isToldWithoutAskingTheServer() throws Exception {
    assertThat(manage("key", "import", "x", "--vault", "payments").exit()).isEqualTo(2);
    String file = Files.write(folder.resolve("raw"), new byte[32]).toString();
    assertThat(
            manage("key", "import", "x", "--vault", "payments", "--from", file, "--wrapped", file)
                .exit())
        .isEqualTo(2);
    assertThat(
            refused(
                    "key",
                    "import",
                    "x",
                    "--vault",
                    "payments",
                    "--wrapped",
                    file,
                    "--wrapping",
                    "rot13")
                .err())
        .contains("wrapping: is not known");
  }

  /** As docs/operations.md shows it. */
  private Path wrapped(Path publicKey, byte[] raw) throws Exception {
    byte[] aes = new byte[32];
    new SecureRandom().nextBytes(aes);
    Path rawFile = Files.write(folder.resolve("raw-key"), raw);
    Path aesFile = Files.write(folder.resolve("aes-key"), aes);
    Path first = folder.resolve("first");
    Path second = folder.resolve("second");
    List<String> oaep =
        new ArrayList<>(List.of("pkeyutl", "-encrypt", "-pubin", "-inkey", publicKey.toString()));
    oaep.addAll(List.of("-in", aesFile.toString(), "-out", first.toString()));
    for (String option :
        List.of("rsa_padding_mode:oaep", "rsa_oaep_md:sha256", "rsa_mgf1_md:sha256")) {
      oaep.addAll(List.of("-pkeyopt", option));
    }
    assertThat(openssl(oaep.toArray(String[]::new))).isZero();
    List<String> kwp = new ArrayList<>(List.of("enc", "-id-aes256-wrap-pad", "-e"));
    kwp.addAll(List.of("-K", HexFormat.of().formatHex(aes), "-iv", "A65959A6"));
    kwp.addAll(List.of("-in", rawFile.toString(), "-out", second.toString()));
    assertThat(openssl(kwp.toArray(String[]::new))).isZero();
    Path whole = folder.resolve("wrapped-key");
    Files.write(whole, Files.readAllBytes(first));
    Files.write(whole, Files.readAllBytes(second), java.nio.file.StandardOpenOption.APPEND);
    return whole;
  }

  private static Integer openssl(String... arguments) throws InterruptedException {
    List<String> command = new ArrayList<>(List.of("openssl"));
    command.addAll(List.of(arguments));
    try {
      Process process =
          new ProcessBuilder(command)
              .redirectErrorStream(true)
              .redirectOutput(ProcessBuilder.Redirect.DISCARD)
              .start();
      assertThat(process.waitFor(60, TimeUnit.SECONDS)).isTrue();
      return process.exitValue();
    } catch (IOException e) {
      return -1;
    }
  }
}
