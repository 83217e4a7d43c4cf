// SPDX-License-Identifier: Apache-2.0
package org.openekm.testkit.load;

import java.util.List;
import java.util.Map;
import org.HdrHistogram.Histogram;

/**
 * What a load gave.
 *
 * @param plan the plan
 * @param seconds how long was counted
 * @param requests the requests that ended, well or not
 * @param good answers with 200 within one second of their time
 * @param retried requests that were sent a second time
 * @param errors requests that failed after their retry, by kind
 * @param latencies in microseconds, from the time at which a request was due to the end of its
 *     answer, failures included; corrected for coordinated omission
 * @param timeline figures of each second
 * @param generatorCores how many processors the generator itself used
 */
public record LoadResult(
    LoadPlan plan,
    double seconds,
    long requests,
    long good,
    long retried,
    Map<String, Long> errors,
    Histogram latencies,
    List<Second> timeline,
    double generatorCores) {

  /** Copies errors and timeline. */
  public LoadResult {
    errors = Map.copyOf(errors);
    timeline = List.copyOf(timeline);
  }

  /**
   * One second of a load.
   *
   * @param answers the answers with 200
   * @param errors the failed requests
   * @param p50 median latency in milliseconds
   * @param p99 99th percentile in milliseconds
   */
  public record Second(long answers, long errors, double p50, double p99) {}

  /** Returns a percentile in milliseconds. */
  public double millis(double percentile) {
    return latencies.getValueAtPercentile(percentile) / 1_000.0;
  }

  /** Returns the good answers a second. */
  public double goodput() {
    return good / seconds;
  }

  /** Returns how many requests failed. */
  public long failed() {
    return errors.values().stream().mapToLong(Long::longValue).sum();
  }

  /** Returns true if nothing failed and the rate was kept up with, within five percent. */
  public boolean isHealthy() {
    return failed() == 0 && (!plan.isOpen() || requests >= 0.95 * plan.rate() * seconds);
  }
}
