// SPDX-License-Identifier: Apache-2.0
package org.openekm.testkit.conformance.checks;

import static org.openekm.testkit.conformance.Check.info;
import static org.openekm.testkit.conformance.Check.must;
import static org.openekm.testkit.conformance.Check.should;
import static org.openekm.testkit.conformance.checks.WireChecks.NO_AAD;

import java.io.IOException;
import java.util.Arrays;
import java.util.List;
import org.openekm.testkit.conformance.Bench;
import org.openekm.testkit.conformance.Check;
import org.openekm.testkit.conformance.Evidence;
import org.openekm.testkit.conformance.Expect;
import org.openekm.testkit.conformance.http.RawConnection;

/** OCI's time limits: half a second to connect, one second to answer. */
public final class TimingChecks {

  private static final long CONNECT_MILLIS = 500;
  private static final long ANSWER_MILLIS = 1_000;
  private static final long GOAL_MILLIS = 150;
  private static final int CALLS = 200;
  private static final int CONNECTIONS = 20;

  private TimingChecks() {}

  /** Returns the checks. */
  public static List<Check> all() {
    return List.of(
        must(
                "timing.answer",
                "99 of 100 encryptions are answered within one second: OCI's read time-out.")
            .by(Evidence.OFFICIAL, bench -> atMost(ANSWER_MILLIS, percentile99(bench), "answer")),
        info("timing.goal", "99 of 100 encryptions are answered within 150 ms.")
            .by(Evidence.INFERRED, bench -> atMost(GOAL_MILLIS, percentile99(bench), "answer")),
        must(
                "timing.connect",
                "A connection with its TLS handshake stands within half a second: OCI's connect time-out.")
            .by(Evidence.OFFICIAL, TimingChecks::connect),
        should(
                "timing.new-connections",
                "A request on a new connection is answered within one second.")
            .by(Evidence.OFFICIAL, TimingChecks::newConnections));
  }

  private static long percentile99(Bench bench) throws IOException {
    long[] millis = new long[CALLS];
    for (int i = 0; i < CALLS; i++) {
      millis[i] =
          Expect.status(200, bench.send(bench.encryption(bench.key(), new byte[32], NO_AAD)))
              .millis();
    }
    Arrays.sort(millis);
    return millis[CALLS * 99 / 100 - 1];
  }

  private static void atMost(long limit, long millis, String what) {
    Expect.that(millis <= limit, "the " + what + " took " + millis + " ms");
  }

  /** The median: a single slow one may be the network's fault. */
  private static void connect(Bench bench) throws IOException {
    long[] millis = new long[CONNECTIONS];
    for (int i = 0; i < CONNECTIONS; i++) {
      long start = System.nanoTime();
      try (RawConnection connection = bench.connect()) {
        millis[i] = (System.nanoTime() - start) / 1_000_000;
        Expect.that(!connection.tlsVersion().isEmpty(), "no TLS");
      }
    }
    Arrays.sort(millis);
    atMost(CONNECT_MILLIS, millis[CONNECTIONS / 2], "handshake");
  }

  private static void newConnections(Bench bench) throws IOException {
    long[] millis = new long[CONNECTIONS];
    for (int i = 0; i < CONNECTIONS; i++) {
      byte[] request = bench.encryption(bench.key(), new byte[32], NO_AAD).bytes();
      millis[i] = Expect.status(200, bench.sendAlone(request)).millis();
    }
    Arrays.sort(millis);
    atMost(ANSWER_MILLIS, millis[CONNECTIONS / 2], "answer");
  }
}
