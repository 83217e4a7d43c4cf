// SPDX-License-Identifier: Apache-2.0
package org.openekm.server.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.net.InetAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.security.interfaces.RSAPublicKey;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.bouncycastle.asn1.x509.Extension;
import org.bouncycastle.asn1.x509.GeneralName;
import org.bouncycastle.asn1.x509.GeneralNames;
import org.bouncycastle.openssl.PEMParser;
import org.bouncycastle.pkcs.PKCS10CertificationRequest;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.openekm.server.EkmServer;
import org.openekm.testkit.fake.Ports;
import picocli.CommandLine;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** The commands as an operator types them, against a server that `ekm init` has configured. */
@Tag("once")
class CommandLineTest {

  private static final JsonMapper JSON = JsonMapper.builder().build();

  @TempDir Path folder;
  private EkmServer server;
  private String config = "";

  @AfterEach
  void stop() {
    if (server != null) {
      server.close();
    }
  }

  /** What a command printed and how it ended. */
  private record Run(int exit, String out, String err) {}

  private static Run ekm(String... arguments) {
    StringWriter out = new StringWriter();
    StringWriter err = new StringWriter();
    CommandLine line =
        Main.commandLine().setOut(new PrintWriter(out, true)).setErr(new PrintWriter(err, true));
    return new Run(line.execute(arguments), out.toString(), err.toString());
  }

  private void start() {
    Path home = folder.resolve("ekm");
    Run init =
        ekm(
            "init",
            home.toString(),
            "--port",
            Integer.toString(Ports.free()),
            "--admin-port",
            Integer.toString(Ports.free()));
    assertThat(init.exit()).as(init.err()).isZero();
    config = home.resolve("ekm.yaml").toString();
    server = ServeCommand.assemble(home.resolve("ekm.yaml"));
    server.start();
  }

  private Run manage(String... arguments) {
    String[] all = java.util.Arrays.copyOf(arguments, arguments.length + 2);
    all[arguments.length] = "--config";
    all[arguments.length + 1] = config;
    return ekm(all);
  }

  private JsonNode json(String... arguments) {
    String[] all = java.util.Arrays.copyOf(arguments, arguments.length + 1);
    all[arguments.length] = "--output=json";
    Run run = manage(all);
    assertThat(run.exit()).as(run.err()).isZero();
    return JSON.readTree(run.out());
  }

  private void addVault() {
    json(
        "issuer",
        "add",
        "domain",
        "--discovery-url",
        "https://127.0.0.1:1/.well-known/openid-configuration");
    json("tenancy", "add", "acme", "--ocid", "ocid1.tenancy.oc1..aaaaexample");
    json(
        "vault",
        "add",
        "payments",
        "--tenancy",
        "acme",
        "--issuer",
        "domain",
        "--client-id",
        "abc",
        "--host",
        "127.0.0.1",
        "--port",
        "8443");
  }

  @Test
  void tutorial_issuerTenancyVaultKey_printsWhatToPasteIntoOci() {
    start();
    addVault();
    Run vault = manage("vault", "show", "payments");
    assertThat(vault.out())
        .containsPattern("External vault URL +https://127.0.0.1:8443/ekm/v1/vaults/[0-9a-f-]{36}");
    Run key = manage("key", "create", "bucket-key", "--vault", "payments");
    assertThat(key.exit()).as(key.err()).isZero();
    assertThat(key.out()).containsPattern("External Key ID +[0-9a-f-]{36}");
    assertThat(manage("key", "list", "--vault", "payments").out())
        .contains("bucket-key")
        .contains("ACTIVE");
    assertThat(manage("issuer", "list").out()).contains("domain");
    assertThat(manage("tenancy", "list").out()).contains("ocid1.tenancy.oc1..aaaaexample");
  }

  @Test
  void keyLife_everyCommand_changesTheState() throws Exception {
    start();
    addVault();
    json("key", "create", "k", "--vault", "payments");
    String key = "payments/k";
    assertThat(json("key", "block", key).path("blocked").asBoolean()).isTrue();
    assertThat(json("key", "unblock", key).path("blocked").asBoolean()).isFalse();
    assertThat(json("key", "disable", key).path("state").asString()).isEqualTo("DISABLED");
    assertThat(json("key", "enable", key).path("state").asString()).isEqualTo("ACTIVE");
    assertThat(json("key", "rotate", key).path("versions").asInt()).isEqualTo(2);
    assertThat(json("key", "versions", key).path("items")).hasSize(2);
    assertThat(json("key", "schedule-deletion", key, "--after", "7d").path("state").asString())
        .isEqualTo("PENDING_DELETION");
    assertThat(json("key", "cancel-deletion", key).path("state").asString()).isEqualTo("DISABLED");
    assertThat(json("vault", "block", "payments").path("blocked").asBoolean()).isTrue();
    assertThat(json("vault", "unblock", "payments").path("blocked").asBoolean()).isFalse();
    // Nothing answers at the issuer's address, so the server is not healthy and the command says
    // so.
    Run status = manage("status");
    assertThat(status.exit()).isEqualTo(1);
    assertThat(status.out()).contains("FAILED").contains("domain");
  }

  @Test
  void destroy_notBlocked_isRefusedAndWithoutYesIsWrongUsage() {
    start();
    addVault();
    json("key", "create", "k", "--vault", "payments");
    assertThat(manage("key", "destroy", "payments/k").exit()).isEqualTo(2);
    Run refused = manage("key", "destroy", "payments/k", "--yes");
    assertThat(refused.exit()).isEqualTo(1);
    assertThat(refused.err()).contains("block");
    json("key", "block", "payments/k");
    assertThat(json("key", "destroy", "payments/k", "--yes").path("state").asString())
        .isEqualTo("DESTROYED");
  }

  @Test
  void import_keyFile_makesAKeyAndWrongLengthNamesTheRule() throws Exception {
    start();
    addVault();
    Path raw = Files.writeString(folder.resolve("raw"), "0123456789abcdefghijklmnopqrstuv");
    Run imported = manage("key", "import", "k", "--vault", "payments", "--from", raw.toString());
    assertThat(imported.exit()).as(imported.err()).isZero();
    Path odd = Files.write(folder.resolve("odd"), new byte[31]);
    Run refused = manage("key", "import", "k2", "--vault", "payments", "--from", odd.toString());
    assertThat(refused.exit()).isEqualTo(1);
    assertThat(refused.err()).contains("material");
  }

  @Test
  void add_severalMistakes_namesThemAll() {
    start();
    Run run =
        manage(
            "vault",
            "add",
            "bad name!",
            "--tenancy",
            "none",
            "--issuer",
            "none",
            "--client-id",
            "a",
            "--host",
            "h",
            "--port",
            "99999");
    assertThat(run.exit()).isEqualTo(1);
    assertThat(run.err())
        .contains("name:")
        .contains("tenancy:")
        .contains("issuer:")
        .contains("endpoint.port:");
  }

  @Test
  void auditVerify_afterSomeWork_isIntactAndAFlippedByteIsFound() throws Exception {
    start();
    addVault();
    server.close();
    Path audit = folder.resolve("ekm/audit");
    Run intact = ekm("audit", "verify", audit.toString());
    assertThat(intact.exit()).as(intact.out()).isZero();
    assertThat(intact.out()).contains("INTACT");
    String head =
        intact
            .out()
            .lines()
            .filter(line -> line.startsWith("Head: "))
            .findFirst()
            .orElseThrow()
            .substring(6);
    assertThat(ekm("audit", "verify", audit.toString(), "--checkpoint", head).exit()).isZero();

    Path file;
    try (var files = Files.list(audit)) {
      file =
          files
              .filter(each -> each.toString().endsWith(".log") || each.toString().contains(".log."))
              .filter(each -> !each.toString().endsWith(".lock"))
              .findFirst()
              .orElseThrow();
    }
    Files.writeString(file, Files.readString(file).replace("tenancy.create", "tenancy.crEate"));
    Run broken = ekm("audit", "verify", audit.toString());
    assertThat(broken.exit()).isEqualTo(1);
    assertThat(broken.out()).contains("BROKEN");
  }

  @Test
  void init_certificate_isRsaWithTheAddressInItsNames() throws Exception {
    assertThat(ekm("init", folder.resolve("x").toString(), "--host", "10.1.2.3").exit()).isZero();
    X509Certificate certificate;
    try (var in = Files.newInputStream(folder.resolve("x/tls/server.pem"))) {
      certificate =
          (X509Certificate) CertificateFactory.getInstance("X.509").generateCertificate(in);
    }
    assertThat(((RSAPublicKey) certificate.getPublicKey()).getModulus().bitLength())
        .isEqualTo(2048);
    assertThat(certificate.getSubjectAlternativeNames())
        .anySatisfy(
            name ->
                assertThat(InetAddress.getByName((String) name.get(1)).getHostAddress())
                    .isEqualTo("10.1.2.3"));
  }

  @Test
  void init_secrets_areForTheOwnerOnly() throws Exception {
    ekm("init", folder.resolve("x").toString());
    for (String file :
        new String[] {
          "secrets/kek", "secrets/admin-credential", "tls/server.key", "tls/ca.key", "ekm.yaml"
        }) {
      assertThat(
              PosixFilePermissions.toString(
                  Files.getPosixFilePermissions(folder.resolve("x").resolve(file))))
          .as(file)
          .isEqualTo("rw-------");
    }
  }

  @Test
  void init_csr_writesARequestInsteadOfACertificate() throws Exception {
    assertThat(
            ekm("init", folder.resolve("x").toString(), "--host", "kms.example.com", "--csr")
                .exit())
        .isZero();
    assertThat(Files.readString(folder.resolve("x/tls/server.csr")))
        .startsWith("-----BEGIN CERTIFICATE REQUEST-----");
    assertThat(folder.resolve("x/tls/server.pem")).doesNotExist();
  }

  @Test
  void init_folderNotEmpty_isWrongUsageAndTouchesNothing() throws Exception {
    Files.writeString(folder.resolve("mine"), "x");
    Run run = ekm("init", folder.toString());
    assertThat(run.exit()).isEqualTo(2);
    assertThat(run.err()).contains("not empty");
    assertThat(folder.resolve("ekm.yaml")).doesNotExist();
  }

  @Test
  void serve_brokenConfiguration_tellsEveryProblemAtOnce() throws Exception {
    Path file =
        Files.writeString(
            folder.resolve("ekm.yaml"),
            "endpoint:\n  port: 99999\n  prot: 1\nstore:\n  type: sqlite\n");
    Run run = ekm("serve", "--config", file.toString());
    assertThat(run.exit()).isEqualTo(1);
    assertThat(run.err())
        .contains("endpoint.port")
        .contains("prot")
        .contains("backends")
        .contains("line 2");
    assertThat(run.err()).doesNotContain("\tat ");
  }

  @Test
  void manage_noServer_saysWhatToDo() throws Exception {
    ekm("init", folder.resolve("x").toString(), "--admin-port", Integer.toString(Ports.free()));
    Run run = ekm("vault", "list", "--config", folder.resolve("x/ekm.yaml").toString());
    assertThat(run.exit()).isEqualTo(1);
    assertThat(run.err()).contains("ekm serve");
  }

  @Test
  void everyCommand_helpHasAnExampleThatParsesAndTheOutputOption() {
    List<CommandLine> commands = new ArrayList<>();
    collect(Main.commandLine(), commands);
    assertThat(commands).hasSizeGreaterThan(30);
    for (CommandLine command : commands) {
      String name = command.getCommandSpec().qualifiedName();
      String help = command.getUsageMessage(CommandLine.Help.Ansi.OFF);
      assertThat(help).as(name).contains("Example");
      assertThat(command.getCommandSpec().findOption("--output")).as(name).isNotNull();
      String example =
          Arrays.stream(command.getCommandSpec().usageMessage().footer())
              .filter(line -> line.startsWith("  " + name))
              .findFirst()
              .orElseThrow(() -> new AssertionError("no example of " + name + " itself"));
      if (!example.endsWith("\\")) {
        Main.commandLine().parseArgs(example.strip().substring(4).split("(  .*)| ", 0));
      }
    }
  }

  private static void collect(CommandLine command, List<CommandLine> leaves) {
    if (command.getSubcommands().isEmpty()) {
      if (!command.getCommandName().equals("help")) {
        leaves.add(command);
      }
      return;
    }
    command.getSubcommands().values().forEach(each -> collect(each, leaves));
  }

  @Test
  void vaultAdd_withoutHost_takesTheAddressOfTheEndpoint() throws Exception {
    start();
    addVault();
    String url =
        Files.readAllLines(Path.of(config)).stream()
            .filter(line -> line.startsWith("  url: "))
            .findFirst()
            .orElseThrow()
            .substring(7);
    String[] add = {
      "vault", "add", "v2", "--tenancy", "acme", "--issuer", "domain", "--client-id", "abc"
    };
    assertThat(json(add).path("externalVaultUrl").asString()).startsWith(url + "/ekm/v1/vaults/");
    String[] elsewhere = Arrays.copyOf(add, add.length + 2);
    elsewhere[2] = "v3";
    elsewhere[add.length] = "--host";
    elsewhere[add.length + 1] = "gateway.example.com";
    assertThat(json(elsewhere).path("externalVaultUrl").asString())
        .startsWith("https://gateway.example.com/ekm/v1/vaults/");
  }

  @Test
  void create_preActive_isInUseOnlyAfterActivate() {
    start();
    addVault();
    assertThat(
            json("key", "create", "k", "--vault", "payments", "--pre-active")
                .path("state")
                .asString())
        .isEqualTo("PRE_ACTIVE");
    assertThat(json("key", "activate", "payments/k").path("state").asString()).isEqualTo("ACTIVE");
  }

  @Test
  void keyPolicy_setAndCleared_isShownAndGone() throws Exception {
    start();
    addVault();
    json("key", "create", "k", "--vault", "payments");
    Path policy =
        Files.writeString(
            folder.resolve("policy.json"),
            "{\"rules\": [{\"name\": \"all\", \"effect\": \"allow\"}]}");
    assertThat(json("key", "set-policy", "payments/k", policy.toString()).has("policy")).isTrue();
    assertThat(json("key", "clear-policy", "payments/k").has("policy")).isFalse();
  }

  @Test
  void init_mistypedAddress_isWrongUsageAndWritesNothing() {
    Run run = ekm("init", folder.resolve("x").toString(), "--host", "999.1.1.1");
    assertThat(run.exit()).isEqualTo(2);
    assertThat(folder.resolve("x")).doesNotExist();
  }

  @Test
  void init_json_namesTheFiles() {
    Run run = ekm("init", folder.resolve("x").toString(), "--output", "json");
    assertThat(run.exit()).as(run.err()).isZero();
    JsonNode answer = JSON.readTree(run.out());
    assertThat(Path.of(answer.path("config").asString())).exists();
    assertThat(Path.of(answer.path("caBundle").asString())).exists();
    assertThat(answer.path("url").asString()).isEqualTo("https://127.0.0.1:8443");
  }

  @Test
  void init_csr_requestNamesTheIpAddress() throws Exception {
    ekm("init", folder.resolve("x").toString(), "--host", "10.1.2.3", "--csr");
    try (PEMParser parser =
        new PEMParser(Files.newBufferedReader(folder.resolve("x/tls/server.csr")))) {
      PKCS10CertificationRequest request = (PKCS10CertificationRequest) parser.readObject();
      GeneralNames names =
          GeneralNames.fromExtensions(
              request.getRequestedExtensions(), Extension.subjectAlternativeName);
      assertThat(names.getNames()[0].getTagNo()).isEqualTo(GeneralName.iPAddress);
      assertThat(names.getNames()[0].getName().toString()).isEqualTo("#0a010203");
    }
  }

  @Test
  void auditVerify_noSuchFolder_isToldInAWordAndNotAClassName() {
    Run run = ekm("audit", "verify", folder.resolve("nowhere").toString());
    assertThat(run.exit()).isEqualTo(1);
    assertThat(run.err()).contains("nowhere is not there").doesNotContain("Exception");
  }

  @Test
  void unknownCommand_isWrongUsage() {
    assertThat(ekm("vualt", "list").exit()).isEqualTo(2);
    assertThat(ekm("--help").exit()).isZero();
    assertThat(ekm("key", "create", "--help").out()).contains("--vault");
  }
}
