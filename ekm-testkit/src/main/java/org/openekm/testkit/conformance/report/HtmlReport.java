// SPDX-License-Identifier: Apache-2.0
package org.openekm.testkit.conformance.report;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Locale;
import java.util.Objects;
import org.openekm.testkit.conformance.CheckResult;
import org.openekm.testkit.conformance.ConformanceReport;
import org.openekm.testkit.conformance.Outcome;
import org.openekm.testkit.conformance.Severity;
import org.openekm.testkit.conformance.http.Exchange;

/** A report as one page that needs nothing else: to be shown to a customer. */
public final class HtmlReport {

  private static final DateTimeFormatter TIME =
      DateTimeFormatter.ofPattern("uuuu-MM-dd HH:mm 'UTC'").withZone(ZoneOffset.UTC);

  private final StringBuilder page = new StringBuilder();

  private HtmlReport() {}

  /** Returns the page. */
  public static String of(ConformanceReport report) {
    return new HtmlReport().write(report);
  }

  private String write(ConformanceReport report) {
    page.append("<!doctype html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n")
        .append("<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n")
        .append("<title>OCI External KMS conformance</title>\n<style>\n")
        .append(style())
        .append("</style>\n</head>\n<body>\n<main>\n");
    head(report);
    scores(report);
    findings(report);
    all(report);
    return page.append("</main>\n</body>\n</html>\n").toString();
  }

  private void head(ConformanceReport report) {
    boolean conforms = report.conforms();
    page.append("<h1>OCI External KMS conformance</h1>\n<p class=\"verdict ")
        .append(conforms ? "passed" : "failed")
        .append("\">")
        .append(conforms ? "Conforms: every check that must hold, holds." : "Does not conform.")
        .append("</p>\n<p class=\"facts\"><code>")
        .append(Escape.xml(report.vaultUrl().toString()))
        .append("</code><br>")
        .append(TIME.format(report.startedAt()))
        .append(", ")
        .append(report.results().size())
        .append(" checks in ")
        .append(report.elapsed().toSeconds())
        .append(" s</p>\n");
  }

  private void scores(ConformanceReport report) {
    page.append("<section class=\"scores\">\n");
    for (Severity severity : Severity.values()) {
      page.append("<div><b>")
          .append(report.score(severity))
          .append("%</b><span>")
          .append(lower(severity))
          .append("</span><small>")
          .append(report.count(severity, Outcome.PASSED))
          .append(" of ")
          .append(report.judged(severity))
          .append(" passed, ")
          .append(report.count(severity, Outcome.SKIPPED))
          .append(" skipped</small></div>\n");
    }
    page.append("</section>\n");
  }

  private void findings(ConformanceReport report) {
    page.append("<h2>Findings</h2>\n");
    long before = page.length();
    report.results().stream()
        .filter(r -> r.outcome() == Outcome.FAILED || r.outcome() == Outcome.BROKEN)
        .forEach(this::finding);
    if (page.length() == before) {
      page.append("<p>None.</p>\n");
    }
  }

  private void finding(CheckResult result) {
    page.append("<article>\n<h3><code>").append(Escape.xml(result.check().id())).append("</code> ");
    badge(lower(result.outcome()));
    badge(lower(result.check().severity()));
    page.append("</h3>\n<p><b>Rule</b> ")
        .append(Escape.xml(result.check().rule()))
        .append(" <small>(")
        .append(lower(result.check().evidence()))
        .append(")</small></p>\n<p><b>Found</b> ")
        .append(Escape.xml(result.text()))
        .append("</p>\n");
    result.exchanges().forEach(this::exchange);
    page.append("</article>\n");
  }

  private void exchange(Exchange exchange) {
    page.append("<details><summary>")
        .append(Escape.xml(exchange.request().lines().findFirst().orElse("(nothing)")))
        .append(" <small>")
        .append(exchange.millis())
        .append(" ms</small></summary>\n<pre>")
        .append(Escape.xml(exchange.request()))
        .append("</pre>\n<pre>")
        .append(Escape.xml(exchange.answer()))
        .append("</pre></details>\n");
  }

  private void badge(String text) {
    page.append("<span class=\"badge ").append(text).append("\">").append(text).append("</span> ");
  }

  private void all(ConformanceReport report) {
    page.append("<h2>All checks</h2>\n<div class=\"wide\"><table>\n<thead><tr><th>Check</th>")
        .append("<th>Result</th><th>Rule</th><th>Severity</th><th>Evidence</th></tr></thead>\n");
    for (CheckResult result : report.results()) {
      page.append("<tr><td><code>")
          .append(Escape.xml(result.check().id()))
          .append("</code></td><td>");
      badge(lower(result.outcome()));
      page.append("</td><td>").append(Escape.xml(result.check().rule()));
      if (result.outcome() == Outcome.SKIPPED) {
        page.append(" <small>Skipped: ").append(Escape.xml(result.text())).append("</small>");
      }
      page.append("</td><td>")
          .append(lower(result.check().severity()))
          .append("</td><td>")
          .append(lower(result.check().evidence()))
          .append("</td></tr>\n");
    }
    page.append("</table></div>\n");
  }

  private static String style() {
    try (InputStream in =
        Objects.requireNonNull(HtmlReport.class.getResourceAsStream("report.css"))) {
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new IllegalStateException("the kit's own style sheet can't be read", e);
    }
  }

  private static String lower(Enum<?> value) {
    return value.name().toLowerCase(Locale.ROOT);
  }
}
