// SPDX-License-Identifier: Apache-2.0
package org.openekm.testkit.cli;

import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/** Shows the demo to whoever runs it. */
interface DemoReport {

  /** Called before the first step. */
  void begin();

  /** Called after each step. */
  void step(DemoStep step);

  /** Called once, at the end. */
  void end(Summary summary);

  /**
   * How it all came out.
   *
   * @param failure why the demo failed; empty if it passed
   * @param outcome what to paste into OCI; absent if it didn't get that far
   * @param steps all steps
   * @param millis how long it took
   * @param folder where everything lies; absent if it was deleted
   */
  record Summary(
      String failure,
      Optional<DemoStory.Outcome> outcome,
      List<DemoStep> steps,
      long millis,
      Optional<Path> folder) {

    String verdict() {
      return failure.isEmpty() ? "PASS" : "FAIL";
    }
  }
}
