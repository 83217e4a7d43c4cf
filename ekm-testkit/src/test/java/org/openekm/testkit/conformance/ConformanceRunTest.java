// SPDX-License-Identifier: Apache-2.0
package org.openekm.testkit.conformance;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.openekm.testkit.conformance.VendorHooks.Action;
import org.openekm.testkit.conformance.report.HtmlReport;
import org.openekm.testkit.conformance.report.JUnitReport;
import org.openekm.testkit.conformance.report.JsonReport;
import org.openekm.testkit.conformance.report.TextReport;
import org.openekm.testkit.mutant.MutantServer;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class ConformanceRunTest {

  private final MutantServer.Site site = new MutantServer.Site();

  @AfterAll
  void close() {
    site.close();
  }

  @Test
  void run_missingNeed_isSkippedWithTheRemedyAndNeverPassed() throws IOException {
    try (MutantServer server = site.start(Optional.empty())) {
      Target full = server.target();
      Target bare =
          new Target(
              full.vaultUrl(),
              full.tls(),
              full.tokens(),
              Optional.empty(),
              Target.Keys.only(full.keys().main()),
              Optional.empty(),
              new VendorHooks(java.util.Map.of()));
      ConformanceReport report = run(bare, ConformanceSuite.select(Severity.MUST, "state.*"));

      assertThat(report.count(Outcome.SKIPPED)).isEqualTo(report.results().size());
      assertThat(report.results().get(0).text()).contains("hook.block-key");
      assertThat(report.conforms()).isFalse();
      assertThat(report.score(Severity.MUST)).isZero();
    }
  }

  @Test
  void run_findingBrokenAndLeftUseless_areToldApart() throws IOException {
    try (MutantServer server = site.start(Optional.empty())) {
      Target target = server.target();
      Check finds =
          check(
              "x.finds",
              bench -> Expect.status(201, bench.send(bench.request("GET", "/metadata"))));
      Check breaks =
          check(
              "x.breaks",
              bench -> {
                throw new IOException("no network");
              });
      Check spoils = check("x.spoils", bench -> bench.hook(Action.BLOCK_KEY));
      ConformanceReport report = run(target, List.of(finds, breaks, spoils));

      assertThat(report.results())
          .extracting(CheckResult::outcome)
          .containsExactly(Outcome.FAILED, Outcome.BROKEN, Outcome.FAILED);
      assertThat(report.results().get(0).text()).isEqualTo("expected status 201, got 200");
      assertThat(report.results().get(1).text()).contains("no network");
      assertThat(report.results().get(2).text()).contains("afterwards", "403");
      assertReports(report);
    }
  }

  private static void assertReports(ConformanceReport report) {
    String html = HtmlReport.of(report);
    String xml = JUnitReport.of(report);
    JsonNode json = JsonMapper.shared().readTree(JsonReport.of(report));

    assertThat(html).contains("Does not conform", "x.finds", "Authorization: Bearer [redacted]");
    assertThat(html + xml + json).doesNotContain("eyJ");
    assertThat(html).doesNotContain("http://", "<script", "<link");
    assertThat(xml).contains("failures=\"2\"", "errors=\"1\"", "classname=\"conformance.x\"");
    assertThat(json.path("conforms").asBoolean()).isFalse();
    assertThat(json.path("checks").size()).isEqualTo(3);
    assertThat(json.path("checks").get(0).path("exchanges").size()).isEqualTo(1);
    assertThat(TextReport.resultLine(report)).startsWith("RESULT FAIL must 0/3");
  }

  private static Check check(String id, Probe probe) {
    return Check.must(id, "A rule.").by(Evidence.INFERRED, probe);
  }

  private static ConformanceReport run(Target target, List<Check> checks) {
    return new ConformanceRun(target, WireNames.standard()).run(checks, result -> {});
  }
}
