// SPDX-License-Identifier: Apache-2.0
package org.openekm.spi;

/**
 * How a part says whether it can work right now.
 *
 * @param healthy true if the next call is expected to succeed
 * @param message for the operator: what is wrong and what to do next, or what was checked; no
 *     secrets
 */
public record CheckResult(boolean healthy, String message) {

  /** Returns a good result. */
  public static CheckResult ok(String message) {
    return new CheckResult(true, message);
  }

  /** Returns a bad result. */
  public static CheckResult failed(String message) {
    return new CheckResult(false, message);
  }
}
