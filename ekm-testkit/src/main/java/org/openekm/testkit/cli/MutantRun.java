// SPDX-License-Identifier: Apache-2.0
package org.openekm.testkit.cli;

import java.io.IOException;
import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.openekm.testkit.conformance.Check;
import org.openekm.testkit.conformance.CheckResult;
import org.openekm.testkit.conformance.ConformanceReport;
import org.openekm.testkit.conformance.ConformanceRun;
import org.openekm.testkit.conformance.ConformanceSuite;
import org.openekm.testkit.conformance.Outcome;
import org.openekm.testkit.conformance.WireNames;
import org.openekm.testkit.mutant.MutantServer;
import org.openekm.testkit.mutant.Mutation;

/** Judges the checks: each mutant must fail at least one that the right server passes. */
final class MutantRun {

  private static final int SHOWN = 4;
  private static final int LEAST_PERCENT = 95;

  private final PrintWriter out;

  MutantRun(PrintWriter out) {
    this.out = out;
  }

  /** Returns the exit code. */
  int run() throws IOException {
    try (MutantServer.Site site = new MutantServer.Site()) {
      List<Check> checks = new ArrayList<>(ConformanceSuite.all());
      List<String> failing = failed(site, checks, Optional.empty());
      out.println("right server: fails " + (failing.isEmpty() ? "nothing" : failing));
      out.flush();
      checks.removeIf(check -> failing.contains(check.id()));
      int caught = 0;
      for (Mutation mutation : Mutation.values()) {
        List<String> by = failed(site, checks, Optional.of(mutation));
        caught += by.isEmpty() ? 0 : 1;
        out.printf(
            "%-7s %-32s %s%n",
            by.isEmpty() ? "MISSED" : "caught",
            mutation,
            by.isEmpty() ? mutation.flaw() : shown(by));
        out.flush();
      }
      return end(caught);
    }
  }

  private int end(int caught) {
    int all = Mutation.values().length;
    boolean enough = 100 * caught >= LEAST_PERCENT * all;
    out.println();
    out.printf("RESULT %s %d of %d mutants caught%n", enough ? "PASS" : "FAIL", caught, all);
    out.flush();
    return enough ? 0 : 1;
  }

  private static List<String> failed(
      MutantServer.Site site, List<Check> checks, Optional<Mutation> mutation) throws IOException {
    try (MutantServer server = site.start(mutation)) {
      ConformanceReport report =
          new ConformanceRun(server.target(), WireNames.standard()).run(checks, result -> {});
      return report.results().stream()
          .filter(r -> r.outcome() == Outcome.FAILED || r.outcome() == Outcome.BROKEN)
          .map(CheckResult::check)
          .map(Check::id)
          .toList();
    }
  }

  private static String shown(List<String> ids) {
    String first = String.join(" ", ids.subList(0, Math.min(SHOWN, ids.size())));
    return ids.size() <= SHOWN ? first : first + " and " + (ids.size() - SHOWN) + " more";
  }
}
