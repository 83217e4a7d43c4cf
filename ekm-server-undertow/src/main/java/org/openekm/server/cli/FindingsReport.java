// SPDX-License-Identifier: Apache-2.0
package org.openekm.server.cli;

import java.io.PrintWriter;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.openekm.server.doctor.Finding;
import tools.jackson.databind.SerializationFeature;
import tools.jackson.databind.json.JsonMapper;

/** Prints what a doctor has found. */
final class FindingsReport {

  private static final JsonMapper JSON =
      JsonMapper.builder().enable(SerializationFeature.INDENT_OUTPUT).build();
  private static final String INDENT = "      ";

  private final PrintWriter out;
  private final List<Finding> findings;

  FindingsReport(PrintWriter out, List<Finding> findings) {
    this.out = out;
    this.findings = findings;
  }

  boolean healthy() {
    return count(Finding.Status.FAILED) == 0;
  }

  /** One line per check, and under it, if it is not well, what to do next. */
  void text() {
    for (Finding finding : findings) {
      out.println(
          word(finding.status())
              + finding.check()
              + ": "
              + finding.message().replace("\n", "\n" + INDENT));
      if (!finding.next().isEmpty()) {
        out.println(INDENT + "-> " + finding.next());
      }
    }
    out.println(
        count(Finding.Status.FAILED)
            + " failed, "
            + count(Finding.Status.WARNING)
            + " to look at, "
            + count(Finding.Status.OK)
            + " ok");
    out.flush();
  }

  void json() {
    Map<String, Object> all = new LinkedHashMap<>();
    all.put("healthy", healthy());
    all.put("findings", findings.stream().map(FindingsReport::view).toList());
    out.println(JSON.writeValueAsString(all));
    out.flush();
  }

  private static Map<String, Object> view(Finding finding) {
    Map<String, Object> view = new LinkedHashMap<>();
    view.put("check", finding.check());
    view.put("status", finding.status().name().toLowerCase(Locale.ROOT));
    view.put("message", finding.message());
    view.put("next", finding.next());
    return view;
  }

  private long count(Finding.Status status) {
    return findings.stream().filter(finding -> finding.status() == status).count();
  }

  private static String word(Finding.Status status) {
    return switch (status) {
      case OK -> "ok    ";
      case WARNING -> "warn  ";
      case FAILED -> "FAIL  ";
    };
  }
}
