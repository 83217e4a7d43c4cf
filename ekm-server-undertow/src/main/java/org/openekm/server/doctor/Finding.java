// SPDX-License-Identifier: Apache-2.0
package org.openekm.server.doctor;

import org.openekm.core.auth.ExaminationStep;

/**
 * What one check has found.
 *
 * @param check what was looked at
 * @param status how it stands
 * @param message what was found, for the operator; no secrets
 * @param next what to do next; empty if there is nothing to do
 */
public record Finding(String check, Status status, String message, String next) {

  /** How something stands. */
  public enum Status {
    /** As it must be. */
    OK,
    /** It works or may work, and wants a look. */
    WARNING,
    /** OCI can't be served like this. */
    FAILED
  }

  /** Returns a good finding. */
  public static Finding ok(String check, String message) {
    return new Finding(check, Status.OK, message, "");
  }

  /** Returns a warning. */
  public static Finding warning(String check, String message, String next) {
    return new Finding(check, Status.WARNING, message, next);
  }

  /** Returns a failure. */
  public static Finding failed(String check, String message, String next) {
    return new Finding(check, Status.FAILED, message, next);
  }

  /** Returns a failure from a text that says what is wrong and, behind a semicolon, what to do. */
  static Finding failed(String check, String text) {
    int end = text.indexOf("; ");
    return end < 0
        ? failed(check, text, "correct it, then run the doctor again")
        : failed(check, text.substring(0, end), text.substring(end + 2));
  }

  static Finding of(String check, ExaminationStep step) {
    Status status =
        switch (step.outcome()) {
          case PASSED -> Status.OK;
          case DOUBTFUL -> Status.WARNING;
          case FAILED -> Status.FAILED;
        };
    return new Finding(check, status, step.message(), step.advice());
  }
}
