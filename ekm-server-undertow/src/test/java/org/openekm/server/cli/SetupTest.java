// SPDX-License-Identifier: Apache-2.0
package org.openekm.server.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayInputStream;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.openekm.server.cli.Terminal.Run;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Setting a server up from a file, and writing such a file, as an operator does it. */
@Tag("once")
class SetupTest {

  private static final String ALLOW = "{\"rules\": [{\"name\": \"all\", \"effect\": \"allow\"}]}";
  private static final String DENY = "{\"rules\": [{\"name\": \"none\", \"effect\": \"deny\"}]}";
  static final String SETUP =
      """
      issuers:
        domain:
          discovery-urls:
            - https://127.0.0.1:1/.well-known/openid-configuration
          client-id: resource
          client-secret: ${file:secrets/resource-app}
      tenancies:
        acme:
          ocid: ocid1.tenancy.oc1..aaaaexample
      vaults:
        payments:
          tenancy: acme
          issuer: domain
          client-id: abc
          url: https://10.0.0.5:8443/ekm/v1
          policy: '%s'
          labels: [team=payments, "note=a, b=c"]
          backend-locked: true
          dead-man: 36h
          keys:
            bucket-key: {}
            disk-key:
              state: disabled
              policy: |
                {"rules": [
                  {"name": "all", "effect": "allow"}
                ]}
            spare:
              rotation-period: 90d
              labels: [stage=prod]
              length: 32
              state: pre-active
              blocked: true
        archive:
          tenancy: acme
          issuer: domain
          client-id: def
          url: https://gateway.example.com/ekm/v1
          audit-success: false
          scopes: [b, a]
          blocked: true
      """
          .formatted(ALLOW);

  @TempDir Path folder;
  private Terminal terminal;
  private final InputStream realIn = System.in;

  @BeforeEach
  void start() {
    terminal = Terminal.start(folder.resolve("ekm"));
  }

  @AfterEach
  void stop() {
    System.setIn(realIn);
    terminal.close();
  }

  @Test
  void apply_onAnEmptyServer_addsAllAndTheSecondTimeChangesNothing() throws Exception {
    Path file = write(SETUP);
    Run first = terminal.manage("apply", "-f", file.toString(), "--yes").good();
    assertThat(first.out())
        .contains(
            "+ issuer domain", "+ tenancy acme", "+ vault payments", "+ key payments/disk-key")
        .contains("    + url: https://10.0.0.5:8443/ekm/v1")
        .contains("Done: 7 added, 0 changed.");
    assertThat(show("key", "payments/bucket-key").path("state").asString()).isEqualTo("ACTIVE");
    assertThat(show("key", "payments/disk-key").path("state").asString()).isEqualTo("DISABLED");
    assertThat(show("key", "payments/spare").path("state").asString()).isEqualTo("PRE_ACTIVE");
    assertThat(show("key", "payments/spare").path("blocked").asBoolean()).isTrue();
    assertThat(show("vault", "archive").path("blocked").asBoolean()).isTrue();
    String revision = revision();

    Run second = terminal.manage("apply", "-f", file.toString()).good();

    assertThat(second.out())
        .contains("= vault payments", "    = policy: {\"rules\"", "Nothing to do.")
        .doesNotContain("+ ", "~ ");
    assertThat(revision()).isEqualTo(revision);
  }

  @Test
  void exportApplyExport_givesTheSameText() throws Exception {
    terminal.manage("apply", "-f", write(SETUP).toString(), "--yes").good();
    makeOddThings();
    Path first = folder.resolve("first.yaml");
    terminal.manage("export", "-f", first.toString()).good();
    assertThat(terminal.manage("export").good().out()).isEqualTo(Files.readString(first));

    try (Terminal other = Terminal.start(folder.resolve("other"))) {
      other.manage("apply", "-f", first.toString(), "--yes").good();
      Run again = other.manage("export").good();

      assertThat(again.out()).isEqualTo(Files.readString(first));
      assertThat(other.manage("apply", "-f", first.toString()).good().out())
          .endsWith("Nothing to do." + System.lineSeparator());
    }
    assertThat(Files.readString(first))
        .contains("client-secret: \"${file:secrets/resource-app}\"")
        .contains("\n      bucket-key: {}\n", "\n      \"null\":", "\n      \"1.5\": {}\n")
        .contains("    dead-man: 36h\n", "    backend-locked: true\n", "      - \"note=a, b=c\"\n")
        .contains("        rotation-period: 90d\n        labels:\n          - \"stage=prod\"\n")
        .doesNotContainPattern("[0-9a-f]{8}-[0-9a-f]{4}-");
  }

  /** Names and policies at which a careless writer of YAML stumbles. */
  private void makeOddThings() throws Exception {
    terminal.manage("key", "create", "1.5", "--vault", "payments").good();
    terminal.manage("key", "create", "null", "--vault", "payments", "--length", "16").good();
    terminal.manage("key", "create", "true", "--vault", "payments").good();
    String[] policies = {
      "  " + ALLOW + "\n\n",
      ALLOW + "\n",
      ALLOW.replace(" ", "\n   "),
      ALLOW.replace("}]", ", \"clientIds\": [\"\u00e9\u2028\ud83d\ude00: # -\"]}]"),
      ALLOW.replace(" ", "\r\n\t")
    };
    for (int i = 0; i < policies.length; i++) {
      terminal.manage("key", "create", "odd" + i, "--vault", "payments").good();
      Path policy = Files.writeString(folder.resolve("policy" + i), policies[i]);
      terminal.manage("key", "set-policy", "payments/odd" + i, policy.toString()).good();
    }
    terminal.manage("key", "create", "gone", "--vault", "payments").good();
    terminal.manage("key", "block", "payments/gone").good();
    terminal.manage("key", "destroy", "payments/gone", "--yes").good();
  }

  @Test
  void apply_fileWithManyMistakes_tellsThemAllWithTheirLinesAndChangesNothing() throws Exception {
    String revision = revision();
    Path file =
        write(
            """
            issuers:
              domain:
                discovery-url: https://a.example/
              plain:
                discovery-urls: ["http://a.example/"]
                client-secret: hunter2
            tenancies:
              acme:
                ocid: acme
              bad name:
                ocid: ocid1.tenancy.oc1..aaaa
            vaults:
              payments:
                tenancy: acne
                issuer: domain
                url: 10.0.0.5
                backend: hsm
                policy: '{"rules": 1}'
                blocked: false
                keys:
                  k:
                    length: 31
                    state: on
            colour: blue
            """);
    Run run = terminal.manage("apply", "-f", file.toString(), "--yes");
    assertThat(run.exit()).isEqualTo(1);
    assertThat(run.err())
        .contains(
            "line 3, column 5: issuers.domain.discovery-url is not a known setting; did you mean discovery-urls?")
        .contains("line 5, column 5: issuers.plain.discovery-urls must be an https URL")
        .contains("line 6, column 5: issuers.plain.client-secret")
        .contains("line 9, column 5: tenancies.acme.ocid must be the OCID")
        .contains("line 10, column 3: tenancies.bad name must have 1 to 64 letters")
        .contains("line 14, column 5: vaults.payments.tenancy names acne, which is neither")
        .contains("line 13, column 3: vaults.payments.client-id is missing")
        .contains("line 16, column 5: vaults.payments.url must be https://")
        .contains("line 17, column 5: vaults.payments.backend names hsm")
        .contains("line 18, column 5: vaults.payments.policy")
        .contains("line 19, column 5: vaults.payments.blocked can only be true")
        .contains("line 22, column 9: vaults.payments.keys.k.length must be 16, 24 or 32")
        .contains("line 23, column 9: vaults.payments.keys.k.state must be one of")
        .contains("line 24, column 1: colour is not a known setting")
        .doesNotContain("hunter2", "Exception");
    assertThat(revision()).isEqualTo(revision);
  }

  @Test
  void apply_differencesThatCannotBeMade_areTellWithTheirLinesAndNothingIsChanged()
      throws Exception {
    terminal.manage("apply", "-f", write(SETUP).toString(), "--yes").good();
    Path other =
        write(
            SETUP
                .replace("client-id: abc", "client-id: xyz")
                .replace("oc1..aaaaexample", "oc1..bbbbexample")
                .replace(ALLOW, DENY));
    String revision = revision();

    Run run = terminal.manage("apply", "-f", other.toString(), "--yes");

    assertThat(run.exit()).isEqualTo(1);
    assertThat(run.err())
        .contains(
            "line 9, column 5: tenancies.acme.ocid is ocid1.tenancy.oc1..aaaaexample on the server")
        .contains("line 14, column 5: vaults.payments.client-id is abc on the server");
    assertThat(revision()).isEqualTo(revision);
  }

  @Test
  void apply_otherPolicy_showsItAndChangesThatAlone() throws Exception {
    terminal.manage("apply", "-f", write(SETUP).toString(), "--yes").good();
    Path other = write(SETUP.replace("'" + ALLOW + "'", "'" + DENY + "'"));

    Run dry = terminal.manage("apply", "-f", other.toString(), "--dry-run").good();
    assertThat(dry.out())
        .contains("~ vault payments", "    ~ policy: " + ALLOW + " -> " + DENY)
        .contains("Nothing was changed: 0 to add, 1 to change, 6 as they are.");
    assertThat(show("vault", "payments").path("policy").asString()).isEqualTo(ALLOW);

    Run made = terminal.manage("apply", "-f", other.toString(), "--yes").good();
    assertThat(made.out()).contains("Done: 0 added, 1 changed.");
    assertThat(show("vault", "payments").path("policy").asString()).isEqualTo(DENY);
  }

  @Test
  void apply_labelsRotationAuditAndLock_areChanged_theDeadManSwitchIsLeftAlone() throws Exception {
    terminal.manage("apply", "-f", write(SETUP).toString(), "--yes").good();
    Path other =
        write(
            SETUP
                .replace("[team=payments, \"note=a, b=c\"]", "[]")
                .replace("dead-man: 36h", "dead-man: 72h")
                .replace("rotation-period: 90d", "rotation-period: 30d")
                .replace("stage=prod", "stage=test")
                .replace("audit-success: false", "audit-success: true\n    backend-locked: true"));

    Run run = terminal.manage("apply", "-f", other.toString(), "--yes").good();

    assertThat(run.out())
        .contains("~ labels: note=a, b=c, team=payments -> ", "~ rotation-period: 90d -> 30d")
        .contains("! dead-man: 36h, not 3d as in the file; ekm vault set-dead-man changes it");
    assertThat(show("vault", "payments").has("labels")).isFalse();
    assertThat(show("vault", "payments").path("deadManPeriod").asString()).isEqualTo("36h");
    assertThat(show("vault", "archive").path("auditSuccess").asBoolean()).isTrue();
    assertThat(show("vault", "archive").path("backendLocked").asBoolean()).isTrue();
    assertThat(show("key", "payments/spare").path("labels").path("stage").asString())
        .isEqualTo("test");
    assertThat(terminal.manage("apply", "-f", other.toString()).good().out())
        .contains("Nothing to do.");
  }

  @Test
  void apply_lockLiftedOrLabelsThatAreNone_isToldWithItsLine() throws Exception {
    Path wrong =
        write(
            SETUP
                .replace("backend-locked: true", "backend-locked: false")
                .replace("dead-man: 36h", "dead-man: 30s")
                .replace("[stage=prod]", "[stage, a=1, a=2]"));

    Run run = terminal.manage("apply", "-f", wrong.toString(), "--yes");

    assertThat(run.exit()).isEqualTo(1);
    assertThat(run.err())
        .contains("vaults.payments.backend-locked can only be true")
        .contains("vaults.payments.dead-man")
        .contains("vaults.payments.keys.spare.labels must be NAME=VALUE, each name once");
  }

  @Test
  void apply_fileThatNamesLess_removesAndLiftsNothing() throws Exception {
    terminal.manage("apply", "-f", write(SETUP).toString(), "--yes").good();
    terminal.manage("key", "block", "payments/bucket-key").good();
    terminal.manage("key", "disable", "payments/bucket-key").good();
    String revision = revision();
    Path less =
        write(
            """
            vaults:
              payments:
                tenancy: acme
                issuer: domain
                client-id: abc
                keys:
                  bucket-key:
                    state: active
                  disk-key:
            """);

    Run run = terminal.manage("apply", "-f", less.toString(), "--yes").good();

    assertThat(run.out())
        .contains("! state: DISABLED, not ACTIVE as in the file; ekm key enable")
        .contains("Nothing to do.");
    assertThat(revision()).isEqualTo(revision);
    assertThat(show("key", "payments/disk-key").has("policy")).isTrue();
    assertThat(show("key", "payments/bucket-key").path("blocked").asBoolean()).isTrue();
  }

  @Test
  void apply_takesAccessAwayWhereTheFileSaysSo() throws Exception {
    terminal.manage("apply", "-f", write(SETUP).toString(), "--yes").good();
    Path file =
        write(
            SETUP
                .replace("bucket-key: {}", "bucket-key: {blocked: true, state: disabled}")
                .replace("client-id: abc", "client-id: abc\n    blocked: true"));
    Run run = terminal.manage("apply", "-f", file.toString(), "--yes").good();
    assertThat(run.out())
        .contains("    ~ blocked: false -> true", "    ~ state: ACTIVE -> DISABLED");
    assertThat(show("vault", "payments").path("blocked").asBoolean()).isTrue();
    assertThat(show("key", "payments/bucket-key").path("blocked").asBoolean()).isTrue();
    assertThat(show("key", "payments/bucket-key").path("state").asString()).isEqualTo("DISABLED");
  }

  @Test
  void apply_notAgreedTo_changesNothing() throws Exception {
    Path file = write(SETUP);
    for (String typed : new String[] {"no\n", "y\n", ""}) {
      System.setIn(new ByteArrayInputStream(typed.getBytes(StandardCharsets.UTF_8)));
      Run run = terminal.manage("apply", "-f", file.toString());
      assertThat(run.exit()).isEqualTo(1);
      assertThat(run.out()).contains("+ vault payments");
      assertThat(run.err()).contains("Do this?", "Nothing was changed.");
    }
    assertThat(terminal.manage("issuer", "list").out()).contains("none");
  }

  @Test
  void apply_somebodyElseWasFaster_overwritesNothing() throws Exception {
    terminal.manage("apply", "-f", write(SETUP).toString(), "--yes").good();
    Path file = write(SETUP.replace("'" + ALLOW + "'", "'" + DENY + "'"));
    String theirs = ALLOW.replace("\"all\"", "\"theirs\"");
    Path policy = Files.writeString(folder.resolve("theirs.json"), theirs);
    // While one operator thinks about it, another sets a policy.
    System.setIn(
        new ByteArrayInputStream("yes\n".getBytes(StandardCharsets.UTF_8)) {
          private boolean done;

          @Override
          public synchronized int read(byte[] bytes, int offset, int length) {
            if (!done) {
              done = true;
              terminal.manage("vault", "set-policy", "payments", policy.toString()).good();
            }
            return super.read(bytes, offset, length);
          }
        });

    Run run = terminal.manage("apply", "-f", file.toString());

    assertThat(run.exit()).isEqualTo(1);
    assertThat(run.err()).contains("vault payments: it has changed since you looked at it");
    assertThat(show("vault", "payments").path("policy").asString()).isEqualTo(theirs);
  }

  @Test
  void apply_refusedByTheServerHalfWay_pointsAtTheLineAndGoesOnTheNextTime() throws Exception {
    Path file = write(SETUP.replace("'" + ALLOW + "'", "no policy of ours"));
    Run run = terminal.manage("apply", "-f", file.toString(), "--yes");
    assertThat(run.exit()).isEqualTo(1);
    assertThat(run.err())
        .contains("line 16, column 5: vaults.payments.policy")
        .contains("2 change(s) before this one were made");

    Run again = terminal.manage("apply", "-f", write(SETUP).toString(), "--yes").good();
    assertThat(again.out()).contains("= issuer domain", "Done: 5 added, 0 changed.");
  }

  @Test
  void apply_json_asksNobodyAndSaysWhatWasDone() throws Exception {
    Run unsure = terminal.manage("apply", "-f", write(SETUP).toString(), "--output", "json");
    assertThat(unsure.exit()).isEqualTo(1);
    assertThat(unsure.err()).contains("Nothing was changed", "--yes");
    Run run =
        terminal.manage("apply", "-f", write(SETUP).toString(), "--yes", "--output", "json").good();
    JsonNode json = JsonMapper.shared().readTree(run.out());
    assertThat(json.path("made").asBoolean()).isTrue();
    assertThat(json.path("changes").get(0).path("action").asString()).isEqualTo("ADD");
    assertThat(json.path("changes")).hasSize(7);
  }

  @Test
  void apply_referencesInTheFile_standForWhatTheyName() throws Exception {
    Files.writeString(folder.resolve("policy.json"), DENY);
    Path file = write(SETUP.replace("'" + ALLOW + "'", "${file:policy.json}"));
    terminal.manage("apply", "-f", file.toString(), "--yes").good();
    assertThat(show("vault", "payments").path("policy").asString()).isEqualTo(DENY);
  }

  @Test
  void apply_fileThatIsNotThere_orNoYaml_saysSo() throws Exception {
    Run missing = terminal.manage("apply", "-f", folder.resolve("none.yaml").toString(), "--yes");
    assertThat(missing.exit()).isEqualTo(1);
    assertThat(missing.err()).contains("none.yaml", "can't be read").doesNotContain("Exception");
    Run broken = terminal.manage("apply", "-f", write("vaults: [\n").toString(), "--yes");
    assertThat(broken.exit()).isEqualTo(1);
    assertThat(broken.err()).contains("can't be read as YAML");
    assertThat(terminal.manage("apply").exit()).isEqualTo(2);
  }

  @Test
  void export_file_isForTheOwnerOnlyAndNeverWrittenOver() throws Exception {
    terminal.manage("apply", "-f", write(SETUP).toString(), "--yes").good();
    terminal.manage("key", "schedule-deletion", "payments/bucket-key", "--after", "7d").good();
    Path file = folder.resolve("out.yaml");
    Run run = terminal.manage("export", "--file", file.toString()).good();
    assertThat(run.err()).contains("left out", "payments/bucket-key");
    assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file)))
        .isEqualTo("rw-------");
    String before = Files.readString(file);
    Run again = terminal.manage("export", "--file", file.toString());
    assertThat(again.exit()).isEqualTo(1);
    assertThat(again.err()).contains("is there already");
    assertThat(Files.readString(file)).isEqualTo(before);
  }

  private String revision() {
    return JsonMapper.shared()
        .readTree(terminal.manage("status", "--output", "json").out())
        .path("revision")
        .asString();
  }

  private JsonNode show(String group, String name) {
    return JsonMapper.shared()
        .readTree(terminal.manage(group, "show", name, "--output", "json").good().out());
  }

  private Path write(String text) throws Exception {
    return Files.writeString(folder.resolve("vaults.yaml"), text);
  }
}
