// SPDX-License-Identifier: Apache-2.0
package org.openekm.testkit.drill;

import static java.util.Objects.requireNonNull;

import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import org.HdrHistogram.Histogram;

/**
 * What a drill has shown.
 *
 * @param failures why it failed, empty if it passed
 * @param figures everything measured, by name, in the order to show it; times in milliseconds
 */
public record DrillResult(List<String> failures, Map<String, Object> figures) {

  private static final double MICROS = 1000.0;
  private static final double NANOS = 1e6;
  private static final int SHOWN_VIOLATIONS = 10;

  /**
   * Returns the same result with two more figures.
   *
   * @param cpu what all nodes have used of the processor
   * @param start how long a node took to start; absent if none was started
   */
  public DrillResult with(Duration cpu, Optional<Duration> start) {
    Map<String, Object> more = new LinkedHashMap<>(figures);
    Map<?, ?> byStatus = (Map<?, ?>) requireNonNull(figures.get("answersByStatus"));
    long answers = byStatus.values().stream().mapToLong(count -> (Long) count).sum();
    more.put("nodesCpuPerAnswer", cpu.toMillis() / (double) Math.max(1, answers));
    start.ifPresent(time -> more.put("nodeStartedIn", (double) time.toMillis()));
    return new DrillResult(failures, more);
  }

  /** Returns true if everything held. */
  public boolean passed() {
    return failures.isEmpty();
  }

  static DrillResult of(DrillPlan plan, List<DrilledNode> nodes, DrillState state) {
    DrillHistory.Verdict verdict = state.history.judge(plan.lastAnswer().toNanos());
    Map<String, Object> figures = new LinkedHashMap<>();
    figures.put("nodes", nodes.stream().map(DrilledNode::name).collect(Collectors.toList()));
    figures.put("seconds", plan.length().toSeconds());
    figures.put("rounds", state.rounds.sum());
    figures.put("rotations", state.rotations.sum());
    figures.put("callsServed", state.history.successes());
    figures.put("answersByStatus", state.answersByStatus());
    figures.put("servedAfterAcknowledgedBlock", verdict.violations().size());
    figures.put("answersOnTheWayAtAcknowledgement", verdict.answersOnTheWay());
    figures.put("latestAnswerOnTheWay", verdict.latestOnTheWay() / NANOS);
    figures.put("blockToAcknowledged", percentiles(state.healthy));
    figures.put("unblockToServedEverywhere", percentiles(state.backAgain));
    if (!plan.cutEvery().isZero()) {
      figures.put("cuts", state.history.cuts().size());
      figures.put("blockToAcknowledgedWithANodeCutOff", percentiles(state.whileCut));
      figures.put("lastCallServedAfterBeingCutOff", verdict.latestWhileCut() / NANOS);
    }
    figures.put("changesNotAcknowledged", state.unacknowledged.sum());
    return new DrillResult(failures(plan, state, verdict), figures);
  }

  private static List<String> failures(
      DrillPlan plan, DrillState state, DrillHistory.Verdict verdict) {
    List<String> failures = new ArrayList<>();
    verdict.violations().stream().limit(SHOWN_VIOLATIONS).forEach(failures::add);
    if (verdict.violations().size() > SHOWN_VIOLATIONS) {
      failures.add("and " + (verdict.violations().size() - SHOWN_VIOLATIONS) + " more like these");
    }
    if (state.rounds.sum() < plan.roundsWanted()) {
      failures.add(
          "only "
              + state.rounds.sum()
              + " rounds; "
              + plan.roundsWanted()
              + " are needed to mean anything");
    }
    over(failures, "from block to acknowledged", state.healthy, plan.healthyLimit());
    if (state.whileCut.getTotalCount() > 0) {
      over(failures, "the same with a node cut off", state.whileCut, plan.cutLimit());
    }
    return List.copyOf(failures);
  }

  private static void over(List<String> failures, String what, Histogram measured, Duration limit) {
    double p99 = measured.getValueAtPercentile(99) / MICROS;
    if (p99 > limit.toMillis()) {
      failures.add(
          "%s: p99 is %.1f ms, must be at most %d ms".formatted(what, p99, limit.toMillis()));
    }
  }

  private static Map<String, Object> percentiles(Histogram measured) {
    Map<String, Object> values = new LinkedHashMap<>();
    values.put("count", measured.getTotalCount());
    values.put("p50", millis(measured.getValueAtPercentile(50)));
    values.put("p99", millis(measured.getValueAtPercentile(99)));
    values.put("max", millis(measured.getMaxValue()));
    return values;
  }

  /** In tenths of milliseconds: more digits would claim too much. */
  private static double millis(long micros) {
    return Math.round(micros / 100.0) / 10.0;
  }
}
