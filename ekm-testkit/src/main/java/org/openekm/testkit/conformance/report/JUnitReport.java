// SPDX-License-Identifier: Apache-2.0
package org.openekm.testkit.conformance.report;

import org.openekm.testkit.conformance.CheckResult;
import org.openekm.testkit.conformance.ConformanceReport;
import org.openekm.testkit.conformance.Outcome;
import org.openekm.testkit.conformance.Severity;

/**
 * A report in the XML format of JUnit, for build servers. Only checks that must hold can fail a
 * build; the others are skipped with their finding.
 */
public final class JUnitReport {

  private JUnitReport() {}

  /** Returns the report as XML. */
  public static String of(ConformanceReport report) {
    StringBuilder xml = new StringBuilder("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n");
    long failures = report.count(Severity.MUST, Outcome.FAILED);
    long errors = report.count(Severity.MUST, Outcome.BROKEN);
    xml.append("<testsuite name=\"conformance\" tests=\"")
        .append(report.results().size())
        .append("\" failures=\"")
        .append(failures)
        .append("\" errors=\"")
        .append(errors)
        .append("\" skipped=\"")
        .append(report.results().stream().filter(JUnitReport::isSkipped).count())
        .append("\" time=\"")
        .append(seconds(report.elapsed().toMillis()))
        .append("\">\n");
    report.results().forEach(result -> testCase(xml, result));
    return xml.append("</testsuite>\n").toString();
  }

  private static boolean isSkipped(CheckResult result) {
    boolean mayFail = result.check().severity() == Severity.MUST;
    return result.outcome() == Outcome.SKIPPED || (result.outcome() != Outcome.PASSED && !mayFail);
  }

  private static void testCase(StringBuilder xml, CheckResult result) {
    xml.append("  <testcase classname=\"conformance.")
        .append(result.check().group())
        .append("\" name=\"")
        .append(Escape.xml(result.check().id()))
        .append("\" time=\"")
        .append(seconds(result.elapsed().toMillis()))
        .append('"');
    if (result.outcome() == Outcome.PASSED) {
      xml.append("/>\n");
      return;
    }
    String element =
        isSkipped(result) ? "skipped" : result.outcome() == Outcome.FAILED ? "failure" : "error";
    xml.append(">\n    <")
        .append(element)
        .append(" message=\"")
        .append(Escape.xml(result.text()))
        .append("\">")
        .append(Escape.xml(result.check().rule()))
        .append("</")
        .append(element)
        .append(">\n  </testcase>\n");
  }

  private static String seconds(long millis) {
    return millis / 1000 + "." + Long.toString(1000 + millis % 1000).substring(1);
  }
}
