// SPDX-License-Identifier: Apache-2.0
package org.openekm.spi.policy;

/**
 * The answer of a policy.
 *
 * @param allowed true to go on
 * @param clause names what decided, for the audit: a rule's name, or {@code default} when no rule
 *     spoke
 */
public record Decision(boolean allowed, String clause) {

  /** Returns a yes. */
  public static Decision allow(String clause) {
    return new Decision(true, clause);
  }

  /** Returns a no. */
  public static Decision deny(String clause) {
    return new Decision(false, clause);
  }
}
