// SPDX-License-Identifier: Apache-2.0
package org.openekm.testkit.drill;

import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.atomic.LongAdder;
import org.HdrHistogram.ConcurrentHistogram;
import org.HdrHistogram.Histogram;
import org.openekm.testkit.oci.OciResponse;

/** What the threads of a drill share. Thread-safe. Latencies in microseconds. */
final class DrillState {

  private static final long LONGEST_MICROS = 60_000_000;
  private static final int DIGITS = 3;

  private static final long WARM_UP_NANOS = DrillPlan.WARM_UP.toNanos();

  final DrillHistory history = new DrillHistory();
  final Histogram healthy = new ConcurrentHistogram(LONGEST_MICROS, DIGITS);
  final Histogram whileCut = new ConcurrentHistogram(LONGEST_MICROS, DIGITS);
  final Histogram backAgain = new ConcurrentHistogram(LONGEST_MICROS, DIGITS);
  final LongAdder rounds = new LongAdder();
  final LongAdder rotations = new LongAdder();
  final LongAdder unacknowledged = new LongAdder();

  /** Answers by HTTP status; 0 for none. */
  final ConcurrentMap<Integer, LongAdder> answers = new ConcurrentHashMap<>();

  private final long measuredFrom = System.nanoTime() + WARM_UP_NANOS;
  private volatile boolean stopped;
  private volatile String cutOff = "";

  void stop() {
    stopped = true;
  }

  boolean isStopped() {
    return stopped;
  }

  void cutting(String node) {
    cutOff = node;
  }

  void healed(DrillHistory.Cut cut) {
    history.add(cut);
    cutOff = "";
  }

  boolean isCutOff(String node) {
    return cutOff.equals(node);
  }

  boolean isAnyCutOff() {
    return !cutOff.isEmpty();
  }

  void took(Histogram what, long beganNanos) {
    if (beganNanos - measuredFrom > 0) {
      what.recordValue((System.nanoTime() - beganNanos) / 1000);
    }
  }

  /** Records an answer to a call that began then; returns true if it was a success. */
  boolean answered(DrilledNode node, String key, long began, OciResponse response) {
    answers.computeIfAbsent(response.status(), any -> new LongAdder()).increment();
    if (response.isSuccess()) {
      history.add(new DrillHistory.Success(node.name(), key, began, System.nanoTime()));
    }
    return response.isSuccess();
  }

  Map<String, Long> answersByStatus() {
    Map<String, Long> sums = new TreeMap<>();
    answers.forEach(
        (status, count) -> sums.put(status == 0 ? "none" : Integer.toString(status), count.sum()));
    return sums;
  }

  String line() {
    return "%d rounds, %d calls served, block p99 %.1f ms"
        .formatted(rounds.sum(), history.successes(), healthy.getValueAtPercentile(99) / 1000.0);
  }
}
