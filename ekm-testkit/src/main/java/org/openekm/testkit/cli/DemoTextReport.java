// SPDX-License-Identifier: Apache-2.0
package org.openekm.testkit.cli;

import java.io.PrintWriter;
import java.util.Locale;

/** Prints a table, row by row as the steps are taken. */
final class DemoTextReport implements DemoReport {

  private static final int ANSWER_WIDTH = 90;

  private final PrintWriter out;

  DemoTextReport(PrintWriter out) {
    this.out = out;
  }

  @Override
  public void begin() {
    out.println(
        "A server and a fake OCI identity domain, as processes of their own on this machine.");
    out.println();
    row("#", "who", "step", "result", "ms", "answer");
  }

  @Override
  public void step(DemoStep step) {
    String wrong =
        step.ok()
            ? ""
            : step.outcome().equals(step.expected())
                ? "WRONG: "
                : "WRONG, expected " + step.expected() + ": ";
    row(
        Integer.toString(step.number()),
        step.who(),
        step.what(),
        step.outcome(),
        Long.toString(step.millis()),
        wrong + shortened(step.answer()));
  }

  @Override
  public void end(Summary summary) {
    out.println();
    summary
        .outcome()
        .ifPresent(
            outcome -> {
              out.println("External vault URL  " + outcome.externalVaultUrl());
              out.println("External Key ID     " + outcome.externalKeyId());
            });
    summary.folder().ifPresent(folder -> out.println("Kept in             " + folder));
    if (!summary.failure().isEmpty()) {
      out.println(summary.failure());
    }
    out.println(
        String.format(
            Locale.ROOT,
            "%s: %d of %d steps as they should be, %.1f s",
            summary.verdict(),
            summary.steps().stream().filter(DemoStep::ok).count(),
            summary.steps().size(),
            summary.millis() / 1000.0));
    out.flush();
  }

  private void row(Object... cells) {
    out.println(
        String.format(Locale.ROOT, "%3s  %-8s  %-40s  %-7s %6s  %s", cells).stripTrailing());
    out.flush();
  }

  private static String shortened(String text) {
    return text.length() <= ANSWER_WIDTH ? text : text.substring(0, ANSWER_WIDTH - 1) + "…";
  }
}
