// SPDX-License-Identifier: Apache-2.0
package org.openekm.testkit.conformance.report;

import java.io.PrintWriter;
import java.util.Locale;
import org.openekm.testkit.conformance.CheckResult;
import org.openekm.testkit.conformance.ConformanceReport;
import org.openekm.testkit.conformance.Outcome;
import org.openekm.testkit.conformance.Severity;

/** A report for a terminal: a sign per check as they run, then a table and the findings. */
public final class TextReport {

  private final PrintWriter out;
  private String group = "";

  /** Makes a report that writes to {@code out}. */
  public TextReport(PrintWriter out) {
    this.out = out;
  }

  /** Shows that a check has ended. */
  public void progress(CheckResult result) {
    if (!result.check().group().equals(group)) {
      out.print(group.isEmpty() ? "" : System.lineSeparator());
      group = result.check().group();
      out.printf("%-12s", group);
    }
    out.print(sign(result.outcome()));
    out.flush();
  }

  private static char sign(Outcome outcome) {
    return switch (outcome) {
      case PASSED -> '.';
      case FAILED -> 'F';
      case SKIPPED -> 's';
      case BROKEN -> 'B';
    };
  }

  /** Shows the whole. */
  public void end(ConformanceReport report) {
    out.println();
    out.println();
    out.printf("%-8s %6s %7s %7s %8s %7s%n", "", "score", "passed", "failed", "skipped", "broken");
    for (Severity severity : Severity.values()) {
      out.printf(
          "%-8s %5d%% %7d %7d %8d %7d%n",
          severity.name().toLowerCase(Locale.ROOT),
          report.score(severity),
          report.count(severity, Outcome.PASSED),
          report.count(severity, Outcome.FAILED),
          report.count(severity, Outcome.SKIPPED),
          report.count(severity, Outcome.BROKEN));
    }
    report.results().stream().filter(r -> r.outcome() != Outcome.PASSED).forEach(this::finding);
    out.println();
    out.println(resultLine(report));
    out.flush();
  }

  private void finding(CheckResult result) {
    out.println();
    out.printf(
        "%s %s (%s, %s)%n  rule   %s%n  %s%n",
        result.outcome().name().toLowerCase(Locale.ROOT),
        result.check().id(),
        result.check().severity().name().toLowerCase(Locale.ROOT),
        result.check().evidence().name().toLowerCase(Locale.ROOT),
        result.check().rule(),
        (result.outcome() == Outcome.SKIPPED ? "to do  " : "found  ") + result.text());
  }

  /** Returns the last line, for scripts. */
  public static String resultLine(ConformanceReport report) {
    return String.format(
        Locale.ROOT,
        "RESULT %s must %d/%d should %d/%d info %d/%d skipped %d in %d s",
        report.conforms() ? "PASS" : "FAIL",
        report.count(Severity.MUST, Outcome.PASSED),
        report.judged(Severity.MUST),
        report.count(Severity.SHOULD, Outcome.PASSED),
        report.judged(Severity.SHOULD),
        report.count(Severity.INFO, Outcome.PASSED),
        report.judged(Severity.INFO),
        report.count(Outcome.SKIPPED),
        report.elapsed().toSeconds());
  }
}
