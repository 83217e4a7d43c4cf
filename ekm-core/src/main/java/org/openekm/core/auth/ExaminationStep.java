// SPDX-License-Identifier: Apache-2.0
package org.openekm.core.auth;

/**
 * What one step of an examination came to. For an operator who tries a set-up, never for a caller:
 * the message may quote what the step has seen.
 *
 * @param check what was looked at, such as {@code signing keys}
 * @param outcome how it went
 * @param message what was found
 * @param advice what to do next; empty if there is nothing to do
 */
public record ExaminationStep(String check, Outcome outcome, String message, String advice) {

  /** How a step went. */
  public enum Outcome {
    /** As it must be. */
    PASSED,
    /** It may work, or could not be looked at. */
    DOUBTFUL,
    /** It can't work. */
    FAILED
  }

  static ExaminationStep passed(String check, String message) {
    return new ExaminationStep(check, Outcome.PASSED, message, "");
  }

  static ExaminationStep doubtful(String check, String message, String advice) {
    return new ExaminationStep(check, Outcome.DOUBTFUL, message, advice);
  }

  static ExaminationStep failed(String check, String message, String advice) {
    return new ExaminationStep(check, Outcome.FAILED, message, advice);
  }
}
