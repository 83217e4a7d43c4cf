// SPDX-License-Identifier: Apache-2.0
package org.openekm.testkit.drill;

import java.time.Duration;

/**
 * What a drill does, and what must come out.
 *
 * @param length how long it lasts after the warm-up
 * @param stalenessBound how long a node may answer after it has last heard of the store
 * @param handOut how long it may take to hand out an answer after that
 * @param healthyLimit the 99th percentile from a request for a block to its acknowledgement must
 *     not be above, while all nodes see the store
 * @param cutEvery from the beginning of one cut to that of the next; zero for none
 * @param cutFor how long a node is cut off
 */
public record DrillPlan(
    Duration length,
    Duration stalenessBound,
    Duration handOut,
    Duration healthyLimit,
    Duration cutEvery,
    Duration cutFor) {

  /**
   * Times count only after this long: what a Java machine does first is slow. Rules hold at once.
   * It comes before the length.
   */
  public static final Duration WARM_UP = Duration.ofSeconds(15);

  /** How many rounds a drill of a minute must have made to mean anything. */
  static final int ROUNDS_A_MINUTE = 1000;

  private static final Duration CUT_MARGIN = Duration.ofMillis(100);

  /** Returns the plan for several nodes on one store with the usual bounds. */
  public static DrillPlan several(Duration length) {
    return new DrillPlan(
        length,
        Duration.ofMillis(500),
        Duration.ofMillis(40),
        Duration.ofMillis(100),
        Duration.ofSeconds(12),
        Duration.ofSeconds(3));
  }

  /** Returns the plan for one node on a store of its own. */
  public static DrillPlan single(Duration length) {
    return new DrillPlan(
        length,
        Duration.ofMillis(500),
        Duration.ofMillis(40),
        Duration.ofMillis(10),
        Duration.ZERO,
        Duration.ZERO);
  }

  /** Returns the limit for acknowledgements while a node is cut off. */
  Duration cutLimit() {
    return stalenessBound.plus(CUT_MARGIN);
  }

  /** Returns when a node that was cut off must have given its last answer. */
  Duration lastAnswer() {
    return stalenessBound.plus(handOut);
  }

  int roundsWanted() {
    return (int) (ROUNDS_A_MINUTE * length.toMillis() / Duration.ofMinutes(1).toMillis());
  }
}
