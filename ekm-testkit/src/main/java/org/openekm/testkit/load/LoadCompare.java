// SPDX-License-Identifier: Apache-2.0
package org.openekm.testkit.load;

import java.io.IOException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.function.BiConsumer;
import java.util.function.ToDoubleFunction;

/** The same load on two endpoints in turn, so that a machine whose speed drifts is fair to both. */
public final class LoadCompare {

  /**
   * The figures of one ratio, B divided by A, over the rounds.
   *
   * @param least the least
   * @param median the median
   * @param most the most
   */
  public record Ratio(double least, double median, double most) {}

  private final List<LoadResult> first = new ArrayList<>();
  private final List<LoadResult> second = new ArrayList<>();

  /**
   * Runs the rounds A B A B and so on.
   *
   * @param observer sees each result with the letter of its endpoint
   */
  public void run(
      Ammunition a,
      Ammunition b,
      LoadPlan plan,
      int rounds,
      BiConsumer<String, LoadResult> observer)
      throws IOException {
    for (int i = 0; i < rounds; i++) {
      first.add(new LoadEngine(a, plan, tick -> {}).run());
      observer.accept("A", first.get(i));
      second.add(new LoadEngine(b, plan, tick -> {}).run());
      observer.accept("B", second.get(i));
    }
  }

  /** Returns the ratio of a figure, pair by pair. */
  public Ratio ratio(ToDoubleFunction<LoadResult> figure) {
    List<Double> ratios = new ArrayList<>();
    for (int i = 0; i < first.size(); i++) {
      ratios.add(figure.applyAsDouble(second.get(i)) / figure.applyAsDouble(first.get(i)));
    }
    Collections.sort(ratios);
    int half = ratios.size() / 2;
    double median =
        ratios.size() % 2 == 1 ? ratios.get(half) : (ratios.get(half - 1) + ratios.get(half)) / 2;
    return new Ratio(ratios.get(0), median, ratios.get(ratios.size() - 1));
  }

  /** Returns true if nothing failed on either endpoint. */
  public boolean isHealthy() {
    return first.stream().allMatch(LoadResult::isHealthy)
        && second.stream().allMatch(LoadResult::isHealthy);
  }
}
