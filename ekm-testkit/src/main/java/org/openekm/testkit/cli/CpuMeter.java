// SPDX-License-Identifier: Apache-2.0
package org.openekm.testkit.cli;

import java.time.Duration;
import java.util.Optional;
import org.openekm.testkit.load.LoadResult;

/** Measures the CPU time that our own server spends while it is under load. Used by one thread. */
final class CpuMeter {

  private final Optional<DemoVault> server;
  private Duration first = Duration.ZERO;
  private Duration last = Duration.ZERO;
  private long firstAt;
  private long lastAt;

  CpuMeter(Optional<DemoVault> server) {
    this.server = server;
  }

  /** Reads the meter; called each second. */
  void tick() {
    last = server.map(DemoVault::serverCpu).orElse(Duration.ZERO);
    lastAt = System.nanoTime();
    if (firstAt == 0) {
      first = last;
      firstAt = lastAt;
    }
  }

  /** Returns microseconds per request, if there is a server of ours to measure. */
  Optional<Double> perRequest(LoadResult result) {
    if (server.isEmpty() || lastAt == firstAt) {
      return Optional.empty();
    }
    double cores = last.minus(first).toNanos() / (double) (lastAt - firstAt);
    return Optional.of(1e6 * cores * result.seconds() / result.requests());
  }
}
