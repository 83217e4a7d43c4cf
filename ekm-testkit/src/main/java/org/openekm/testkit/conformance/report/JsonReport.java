// SPDX-License-Identifier: Apache-2.0
package org.openekm.testkit.conformance.report;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.openekm.testkit.conformance.CheckResult;
import org.openekm.testkit.conformance.ConformanceReport;
import org.openekm.testkit.conformance.Outcome;
import org.openekm.testkit.conformance.Severity;
import tools.jackson.databind.json.JsonMapper;

/** A report for programs. */
public final class JsonReport {

  private static final JsonMapper JSON = JsonMapper.shared();

  private JsonReport() {}

  /** Returns the report as a JSON object. */
  public static String of(ConformanceReport report) {
    Map<String, Object> json = new LinkedHashMap<>();
    json.put("vaultUrl", report.vaultUrl().toString());
    json.put("startedAt", report.startedAt().toString());
    json.put("millis", report.elapsed().toMillis());
    json.put("conforms", report.conforms());
    Map<String, Object> scores = new LinkedHashMap<>();
    for (Severity severity : Severity.values()) {
      scores.put(lower(severity), score(report, severity));
    }
    json.put("scores", scores);
    json.put("checks", report.results().stream().map(JsonReport::check).toList());
    return JSON.writerWithDefaultPrettyPrinter().writeValueAsString(json);
  }

  private static Map<String, Object> score(ConformanceReport report, Severity severity) {
    Map<String, Object> score = new LinkedHashMap<>();
    score.put("percent", report.score(severity));
    for (Outcome outcome : Outcome.values()) {
      score.put(lower(outcome), report.count(severity, outcome));
    }
    return score;
  }

  private static Map<String, Object> check(CheckResult result) {
    Map<String, Object> check = new LinkedHashMap<>();
    check.put("id", result.check().id());
    check.put("rule", result.check().rule());
    check.put("evidence", lower(result.check().evidence()));
    check.put("severity", lower(result.check().severity()));
    check.put("outcome", lower(result.outcome()));
    check.put("text", result.text());
    check.put("millis", result.elapsed().toMillis());
    List<Map<String, Object>> exchanges =
        result.exchanges().stream()
            .map(
                exchange ->
                    Map.<String, Object>of(
                        "request", exchange.request(),
                        "answer", exchange.answer(),
                        "millis", exchange.millis()))
            .toList();
    check.put("exchanges", exchanges);
    return check;
  }

  private static String lower(Enum<?> value) {
    return value.name().toLowerCase(Locale.ROOT);
  }
}
