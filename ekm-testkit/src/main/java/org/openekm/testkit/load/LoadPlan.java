// SPDX-License-Identifier: Apache-2.0
package org.openekm.testkit.load;

import java.time.Duration;

/**
 * How to load an endpoint.
 *
 * @param rate requests a second at fixed times (open model); 0 for callers that each send the next
 *     request when they have the answer (closed model)
 * @param connections the most connections at once; in the closed model the number of callers
 * @param keepAlive false for a new TLS connection each request
 * @param warmUp how long to load before anything is counted
 * @param length how long to count
 */
public record LoadPlan(
    int rate, int connections, boolean keepAlive, Duration warmUp, Duration length) {

  /** OCI's connect time-out ("How External KMS Works"). */
  public static final Duration CONNECT_LIMIT = Duration.ofMillis(500);

  /** OCI's read time-out ("How External KMS Works"). */
  public static final Duration READ_LIMIT = Duration.ofSeconds(1);

  private static final int MOST_CONNECTIONS = 10_000;
  private static final Duration LONGEST = Duration.ofMinutes(30);

  /** Checks the ranges. */
  public LoadPlan {
    if (rate < 0 || rate > 1_000_000) {
      throw new IllegalArgumentException("rate must be from 0 to 1000000 requests a second");
    }
    if (connections < 1 || connections > MOST_CONNECTIONS) {
      throw new IllegalArgumentException("connections must be from 1 to " + MOST_CONNECTIONS);
    }
    if (length.isZero() || length.isNegative() || length.compareTo(LONGEST) > 0) {
      // The requests are made once, with a token that lives an hour.
      throw new IllegalArgumentException("length must be from 1 second to 30 minutes");
    }
  }

  /** Returns true for the open model. */
  public boolean isOpen() {
    return rate > 0;
  }

  /** Returns the same plan at another rate. */
  public LoadPlan withRate(int other) {
    return new LoadPlan(other, connections, keepAlive, warmUp, length);
  }
}
