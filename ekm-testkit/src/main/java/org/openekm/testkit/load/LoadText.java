// SPDX-License-Identifier: Apache-2.0
package org.openekm.testkit.load;

import java.io.PrintWriter;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;

/** Results for a terminal. */
public final class LoadText {

  private final PrintWriter out;
  private int seconds;

  /** Makes a writer to {@code out}. */
  public LoadText(PrintWriter out) {
    this.out = out;
  }

  /** Shows a second that has ended. */
  public void second(LoadResult.Second second) {
    if (seconds++ % 20 == 0) {
      out.printf(
          Locale.ROOT, "%6s %10s %8s %9s %9s%n", "second", "answers", "errors", "p50 ms", "p99 ms");
    }
    out.printf(
        Locale.ROOT,
        "%6d %10d %8d %9.2f %9.2f%n",
        seconds,
        second.answers(),
        second.errors(),
        second.p50(),
        second.p99());
    out.flush();
  }

  /** Shows a result. */
  public void end(LoadResult result) {
    out.printf(
        Locale.ROOT,
        "%n%s, %d connections, %s%n",
        result.plan().isOpen()
            ? "open model, " + result.plan().rate() + " requests/s"
            : "closed model",
        result.plan().connections(),
        result.plan().keepAlive() ? "kept alive" : "a new connection each request");
    out.printf(
        Locale.ROOT,
        "requests %d in %.1f s, good within 1 s %.0f/s, retried %d, failed %d%n",
        result.requests(),
        result.seconds(),
        result.goodput(),
        result.retried(),
        result.failed());
    for (Map.Entry<String, Long> error : new TreeMap<>(result.errors()).entrySet()) {
      out.printf(Locale.ROOT, "  %-18s %d%n", error.getKey(), error.getValue());
    }
    out.printf(
        Locale.ROOT,
        "latency ms: p50 %.2f  p90 %.2f  p99 %.2f  p99.9 %.2f  p99.99 %.2f  most %.2f%n",
        result.millis(50),
        result.millis(90),
        result.millis(99),
        result.millis(99.9),
        result.millis(99.99),
        result.millis(100));
    out.printf(Locale.ROOT, "the generator used %.2f processors%n", result.generatorCores());
    out.flush();
  }
}
