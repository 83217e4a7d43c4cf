// SPDX-License-Identifier: Apache-2.0
package org.openekm.testkit.load;

import java.io.IOException;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * Finds the highest rate at which a percentile stays under a limit and nothing fails: doubles the
 * rate until that breaks, then halves the distance, to five percent.
 */
public final class LoadSearch {

  private static final double CLOSE_ENOUGH = 1.05;
  private static final int FIRST_RATE = 100;
  private static final int MOST = 500_000;
  private static final double PERCENTILE = 99.9;

  private final Ammunition ammunition;
  private final LoadPlan plan;
  private final double limitMillis;
  private final Consumer<LoadResult> observer;

  /**
   * Makes a search.
   *
   * @param plan the plan of each step; its rate is not used
   * @param limitMillis the limit of the 99.9th percentile
   * @param observer sees each step
   */
  public LoadSearch(
      Ammunition ammunition, LoadPlan plan, double limitMillis, Consumer<LoadResult> observer) {
    this.ammunition = ammunition;
    this.plan = plan;
    this.limitMillis = limitMillis;
    this.observer = observer;
  }

  /** Returns the result at the highest good rate; nothing if even the lowest was too much. */
  public Optional<LoadResult> run() throws IOException {
    Optional<LoadResult> best = Optional.empty();
    int good = 0;
    int bad = MOST;
    for (int rate = FIRST_RATE; rate < bad && rate > good; ) {
      LoadResult result = new LoadEngine(ammunition, plan.withRate(rate), second -> {}).run();
      observer.accept(result);
      if (isGood(result)) {
        good = rate;
        best = Optional.of(result);
      } else {
        bad = rate;
      }
      rate = next(good, bad);
    }
    return best;
  }

  /** Returns true if the result is under the limit. */
  public boolean isGood(LoadResult result) {
    return result.isHealthy() && result.millis(PERCENTILE) <= limitMillis;
  }

  /** Returns the next rate; one that was tried already ends the search. */
  static int next(int good, int bad) {
    if (bad == MOST) {
      return Math.min(2 * good, MOST);
    }
    return bad <= good * CLOSE_ENOUGH ? good : good + (bad - good) / 2;
  }
}
