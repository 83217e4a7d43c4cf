// SPDX-License-Identifier: Apache-2.0
package org.openekm.testkit.load;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.HdrHistogram.Histogram;

/** Counts what happens during a load. Used by one thread. */
final class LoadFigures {

  private static final long LONGEST_MICROS = 60_000_000;
  private static final long GOOD_MICROS = LoadPlan.READ_LIMIT.toNanos() / 1_000;

  private final Histogram latencies = new Histogram(LONGEST_MICROS, 3);
  private final Histogram second = new Histogram(LONGEST_MICROS, 2);
  private final Map<String, Long> errors = new TreeMap<>();
  private final List<LoadResult.Second> seconds = new ArrayList<>();
  private long good;
  private long retried;
  private long secondErrors;

  /** An answer with the status 200. */
  void answered(long micros) {
    long value = Math.min(LONGEST_MICROS, Math.max(1, micros));
    latencies.recordValue(value);
    second.recordValue(value);
    good += micros <= GOOD_MICROS ? 1 : 0;
  }

  /** A request that failed after its retry. */
  void failed(String kind, long micros) {
    errors.merge(kind, 1L, Long::sum);
    secondErrors++;
    // A failure is as slow as it felt: left out, a server that drops requests would look fast.
    latencies.recordValue(Math.min(LONGEST_MICROS, Math.max(1, micros)));
  }

  void retried() {
    retried++;
  }

  /** Closes a second's figures. */
  LoadResult.Second tick() {
    LoadResult.Second ended =
        new LoadResult.Second(
            second.getTotalCount(),
            secondErrors,
            second.getValueAtPercentile(50) / 1_000.0,
            second.getValueAtPercentile(99) / 1_000.0);
    seconds.add(ended);
    second.reset();
    secondErrors = 0;
    return ended;
  }

  LoadResult result(LoadPlan plan, double lengthSeconds, double generatorCores) {
    Histogram shown = latencies;
    if (!plan.isOpen() && latencies.getTotalCount() > 0) {
      // A caller that waited for a stall would have sent more meanwhile: they are filled in.
      shown =
          latencies.copyCorrectedForCoordinatedOmission(
              Math.max(1, latencies.getValueAtPercentile(50)));
    }
    return new LoadResult(
        plan,
        lengthSeconds,
        latencies.getTotalCount(),
        good,
        retried,
        errors,
        shown,
        seconds,
        generatorCores);
  }
}
