// SPDX-License-Identifier: Apache-2.0
package org.openekm.testkit.conformance;

import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.util.List;

/**
 * What a run found.
 *
 * @param vaultUrl the external vault URL
 * @param startedAt when it began
 * @param elapsed how long it took
 * @param results one for each check, in the order in which they ran
 */
public record ConformanceReport(
    URI vaultUrl, Instant startedAt, Duration elapsed, List<CheckResult> results) {

  /** Copies the results. */
  public ConformanceReport {
    results = List.copyOf(results);
  }

  /** Returns how many checks of the severity ended so. */
  public long count(Severity severity, Outcome outcome) {
    return results.stream()
        .filter(result -> result.check().severity() == severity && result.outcome() == outcome)
        .count();
  }

  /** Returns how many checks ended so. */
  public long count(Outcome outcome) {
    return results.stream().filter(result -> result.outcome() == outcome).count();
  }

  /** Returns how many checks of the severity were judged: all but the skipped ones. */
  public long judged(Severity severity) {
    return results.stream()
        .filter(result -> result.check().severity() == severity)
        .filter(result -> result.outcome() != Outcome.SKIPPED)
        .count();
  }

  /** Returns the share of judged checks of the severity that passed, in whole percent, down. */
  public int score(Severity severity) {
    long judged = judged(severity);
    return judged == 0 ? 0 : (int) (100 * count(severity, Outcome.PASSED) / judged);
  }

  /** Returns true if at least one check that must hold was judged and all of them passed. */
  public boolean conforms() {
    return judged(Severity.MUST) > 0
        && count(Severity.MUST, Outcome.PASSED) == judged(Severity.MUST);
  }
}
