// SPDX-License-Identifier: Apache-2.0
package org.openekm.hsm.pkcs11.internal.set;

import java.time.Duration;
import java.util.Arrays;

/** Learns how long a call usually takes: the 95th percentile of the latest ones. Thread-safe. */
final class Latencies {

  private static final int WINDOW = 256;
  private static final int LEARN_EVERY = 64;
  private static final int PERCENT = 95;
  private static final long LEAST = Duration.ofMillis(2).toNanos();
  private static final long UNTIL_LEARNED = Duration.ofMillis(100).toNanos();

  private final long[] latest = new long[WINDOW];
  private int count;
  private volatile long usual = UNTIL_LEARNED;

  /** Returns the time in nanoseconds after which a call counts as slow, at least 2 ms. */
  long usual() {
    return usual;
  }

  synchronized void add(long nanos) {
    latest[count % WINDOW] = nanos;
    count++;
    if (count % LEARN_EVERY == 0) {
      long[] sorted = Arrays.copyOf(latest, Math.min(count, WINDOW));
      Arrays.sort(sorted);
      usual = Math.max(LEAST, sorted[sorted.length * PERCENT / 100]);
    }
  }
}
