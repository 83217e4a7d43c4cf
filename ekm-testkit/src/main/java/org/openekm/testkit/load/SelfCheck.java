// SPDX-License-Identifier: Apache-2.0
package org.openekm.testkit.load;

import java.io.IOException;
import java.io.PrintWriter;
import java.time.Duration;
import java.util.Locale;

/**
 * Measures a server whose latencies are known and compares: the proof that the generator's figures
 * are right on this machine.
 */
public final class SelfCheck {

  private static final double[] PERCENTILES = {50, 99, 99.9};
  private static final double TOLERANCE = 0.05;
  private static final int RATE = 400;
  private static final int CONNECTIONS = 150;
  private static final Duration WARM_UP = Duration.ofSeconds(8);
  private static final Duration RAMP = Duration.ofSeconds(2);
  private static final Duration FAST = Duration.ofMillis(20);

  /** Long enough that a hesitation of the machine is small beside it. */
  private static final Duration SLOW = Duration.ofMillis(200);

  private final PrintWriter out;

  /** Makes a check that reports to {@code out}. */
  public SelfCheck(PrintWriter out) {
    this.out = out;
  }

  /**
   * Runs it.
   *
   * @param periods how many stalls to wait for, one each two seconds
   * @return true if every figure is within five percent of the truth
   */
  public boolean run(int periods) throws IOException {
    boolean stalled = measure("stall of 200 ms in every 2 s", FAST, FAST.multipliedBy(10), periods);
    boolean steady = measure("no stall", SLOW, Duration.ZERO, periods);
    return steady && stalled;
  }

  private static LoadPlan plan(Duration length) {
    return new LoadPlan(RATE, CONNECTIONS, true, RAMP, length);
  }

  private boolean measure(String name, Duration service, Duration stall, int periods)
      throws IOException {
    Duration period = Duration.ofSeconds(2);
    boolean right = true;
    try (KnownServer server = new KnownServer(service, stall, period)) {
      Ammunition shots = Ammunition.plainGet(server.endpoint(), "/");
      new LoadEngine(shots, plan(WARM_UP), second -> {}).run();
      LoadResult result =
          new LoadEngine(shots, plan(period.multipliedBy(periods)), second -> {}).run();
      out.printf(Locale.ROOT, "%s, answers after %d ms%n", name, service.toMillis());
      for (double percentile : PERCENTILES) {
        double truth = server.truth(percentile);
        double error = result.millis(percentile) / truth - 1;
        right &= Math.abs(error) <= TOLERANCE;
        out.printf(
            Locale.ROOT,
            "  p%-5s true %7.2f ms  measured %7.2f ms  off by %+.1f %%%n",
            percentile == Math.rint(percentile)
                ? Integer.toString((int) percentile)
                : Double.toString(percentile),
            truth,
            result.millis(percentile),
            100 * error);
      }
      right &= result.failed() == 0;
      out.flush();
    }
    return right;
  }
}
