// SPDX-License-Identifier: Apache-2.0
package org.openekm.testkit.cli;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.openekm.testkit.load.LoadResult;

/** Measures the CPU time that our own server spends while it is under load. Used by one thread. */
final class CpuMeter {

  private record Reading(long atNanos, Duration used) {}

  private final Optional<DemoVault> server;
  private final List<Reading> readings = new ArrayList<>();

  CpuMeter(Optional<DemoVault> server) {
    this.server = server;
  }

  /** Reads the meter; called each second. */
  void tick() {
    server.ifPresent(vault -> readings.add(new Reading(System.nanoTime(), vault.serverCpu())));
  }

  /**
   * Returns microseconds per request over the seconds that were counted, without the warm-up, if
   * there is a server of ours to measure.
   */
  Optional<Double> perRequest(LoadResult result) {
    int counted = (int) result.seconds();
    if (counted < 2 || readings.size() < counted) {
      return Optional.empty();
    }
    Reading last = readings.get(readings.size() - 1);
    Reading first = readings.get(readings.size() - counted + 1);
    double cores =
        last.used().minus(first.used()).toNanos() / (double) (last.atNanos() - first.atNanos());
    return Optional.of(1e6 * cores * result.seconds() / result.requests());
  }
}
