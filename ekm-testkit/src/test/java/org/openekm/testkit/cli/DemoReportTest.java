// SPDX-License-Identifier: Apache-2.0
package org.openekm.testkit.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.openekm.testkit.oci.OciResponse;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

class DemoReportTest {

  private static final DemoStory.Outcome OUTCOME =
      new DemoStory.Outcome("https://127.0.0.1:8443/ekm/v1/vaults/1", "2");

  private final StringWriter out = new StringWriter();

  @Test
  void text_rightAndWrongSteps_tellThemApart() {
    DemoReport report = new DemoTextReport(new PrintWriter(out));
    DemoSteps steps = new DemoSteps(report::step);
    report.begin();
    steps.oci("Encrypt", 200, response(200, 1, "{\"keyVersionId\":\"5\"}"));
    steps.oci("bucket: get, key blocked", 403, response(200, 1, "{}"));
    steps.oci("Decrypt", 200, response(200, 2, "{\"plaintext\":\"c2VjcmV0\"}"), false);
    report.end(summary("A step did not come out as it should.", steps));

    assertThat(out.toString())
        .containsPattern("1 +OCI +Encrypt +200 +12 +\\{\"keyVersionId\":\"5\"}")
        .containsPattern("2 +OCI +bucket: get, key blocked +200 +12 +WRONG, expected 403: ")
        .containsPattern("3 +OCI +Decrypt +200 +12 +WRONG: \\(2 attempts\\) \\(wrong content\\) ")
        .contains("[redacted]", "FAIL: 1 of 3 steps as they should be, 1.5 s")
        .doesNotContain("c2VjcmV0");
    assertThat(steps.allOk()).isFalse();
  }

  @Test
  void text_allRight_endsWithPassAndWhatToPasteIntoOci() {
    DemoReport report = new DemoTextReport(new PrintWriter(out));
    DemoSteps steps = new DemoSteps(report::step);
    steps.command("ekm init", 0, Duration.ofMillis(700), "");
    report.end(summary("", steps));

    assertThat(out.toString())
        .contains("External vault URL  " + OUTCOME.externalVaultUrl())
        .contains("External Key ID     2")
        .endsWith("PASS: 1 of 1 steps as they should be, 1.5 s" + System.lineSeparator());
    assertThat(steps.allOk()).isTrue();
  }

  @Test
  void text_longAnswer_isCutToTheLine() {
    DemoReport report = new DemoTextReport(new PrintWriter(out));
    new DemoSteps(report::step).oci("Encrypt", 200, response(200, 1, "x".repeat(500)));

    assertThat(out.toString().lines()).allMatch(line -> line.length() < 170 && line.endsWith("…"));
  }

  @Test
  void json_anyOutcome_isOneObjectWithAllSteps() {
    DemoReport report = new DemoJsonReport(new PrintWriter(out));
    DemoSteps steps = new DemoSteps(report::step);
    report.begin();
    AdminAnswer refused =
        new AdminAnswer(
            409,
            JsonMapper.shared().createObjectNode().put("detail", "there is one of that name"),
            Duration.ofMillis(3));
    steps.operator("add the vault", refused, "shown if it works");
    report.end(summary("There is no vault.", steps));

    JsonNode json = JsonMapper.shared().readTree(out.toString());
    assertThat(json.path("result").asString()).isEqualTo("FAIL");
    assertThat(json.path("failure").asString()).isEqualTo("There is no vault.");
    assertThat(json.path("folder").asString()).isEqualTo("/kept");
    JsonNode step = json.path("steps").path(0);
    assertThat(step.path("outcome").asString()).isEqualTo("409");
    assertThat(step.path("ok").asBoolean()).isFalse();
    assertThat(step.path("answer").asString()).contains("there is one of that name");
  }

  @Test
  void allOk_noSteps_isFalse() {
    assertThat(new DemoSteps(step -> {}).allOk()).isFalse();
  }

  private static DemoReport.Summary summary(String failure, DemoSteps steps) {
    return new DemoReport.Summary(
        failure, Optional.of(OUTCOME), steps.all(), 1500, Optional.of(Path.of("/kept")));
  }

  private static OciResponse response(int status, int attempts, String body) {
    return new OciResponse(
        status, body, Map.of(), Duration.ofMillis(12), attempts, "id", Optional.empty());
  }
}
