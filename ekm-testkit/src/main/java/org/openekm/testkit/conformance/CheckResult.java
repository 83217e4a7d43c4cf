// SPDX-License-Identifier: Apache-2.0
package org.openekm.testkit.conformance;

import java.time.Duration;
import java.util.List;
import org.openekm.testkit.conformance.http.Exchange;

/**
 * What one check found.
 *
 * @param check the check
 * @param outcome how it ended
 * @param text the finding, or why it was skipped or broken; empty if it passed
 * @param exchanges the last requests and answers, with secrets taken out; empty if it passed
 * @param elapsed how long it took
 */
public record CheckResult(
    Check check, Outcome outcome, String text, List<Exchange> exchanges, Duration elapsed) {

  /** Copies the exchanges. */
  public CheckResult {
    exchanges = List.copyOf(exchanges);
  }
}
