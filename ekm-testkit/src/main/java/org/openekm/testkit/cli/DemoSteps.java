// SPDX-License-Identifier: Apache-2.0
package org.openekm.testkit.cli;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import org.openekm.testkit.oci.OciResponse;

/** Keeps the steps in order and shows each as it is taken. Used by one thread. */
final class DemoSteps {

  private final Consumer<DemoStep> display;
  private final List<DemoStep> steps = new ArrayList<>();

  DemoSteps(Consumer<DemoStep> display) {
    this.display = display;
  }

  List<DemoStep> all() {
    return List.copyOf(steps);
  }

  boolean allOk() {
    return !steps.isEmpty() && steps.stream().allMatch(DemoStep::ok);
  }

  /** Notes what OCI saw of a call. */
  void oci(String what, int expected, OciResponse response) {
    oci(what, expected, response, true);
  }

  /**
   * Notes what OCI saw of a call.
   *
   * @param contentIsRight false if the answer has the right status but says something wrong
   */
  void oci(String what, int expected, OciResponse response, boolean contentIsRight) {
    String outcome = response.status() == 0 ? "none" : Integer.toString(response.status());
    String retried = response.attempts() > 1 ? "(" + response.attempts() + " attempts) " : "";
    String wrong = contentIsRight ? "" : "(wrong content) ";
    add(
        "OCI",
        what,
        new Outcome(outcome, Integer.toString(expected), contentIsRight),
        response.elapsed(),
        retried + wrong + response.redactedBody());
  }

  /** Notes what the operator saw of a call to the admin API. */
  void operator(String what, AdminAnswer answer, String shown) {
    String status = Integer.toString(answer.status());
    String text = answer.isSuccess() ? shown : answer.body().toString();
    String expected = answer.isSuccess() ? status : "200";
    add("operator", what, new Outcome(status, expected, true), answer.elapsed(), text);
  }

  /** Notes how a command of the operator's ended. */
  void command(String what, int exitCode, Duration elapsed, String shown) {
    add("operator", what, new Outcome("exit " + exitCode, "exit 0", true), elapsed, shown);
  }

  /** Notes a step that has no answer of its own. */
  void done(String who, String what, Duration elapsed, String shown) {
    add(who, what, new Outcome("ok", "ok", true), elapsed, shown);
  }

  private void add(String who, String what, Outcome outcome, Duration elapsed, String answer) {
    DemoStep step =
        new DemoStep(
            steps.size() + 1,
            who,
            what,
            outcome.actual(),
            outcome.expected(),
            outcome.actual().equals(outcome.expected()) && outcome.contentIsRight(),
            elapsed.toMillis(),
            answer.replaceAll("\\s+", " "));
    steps.add(step);
    display.accept(step);
  }

  private record Outcome(String actual, String expected, boolean contentIsRight) {}
}
