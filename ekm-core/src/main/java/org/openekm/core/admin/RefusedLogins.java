// SPDX-License-Identifier: Apache-2.0
package org.openekm.core.admin;

import java.time.Duration;
import java.util.OptionalLong;
import org.openekm.api.NanoClock;

/**
 * Says which refused log-ins go to the audit: so many a minute, whoever sends them, so that nobody
 * without a credential can fill the disk or keep the audit busy. The rest is counted, and the count
 * goes with the next one that is written. Thread-safe.
 */
final class RefusedLogins {

  static final int PER_MINUTE = 60;

  private static final long WINDOW_NANOS = Duration.ofMinutes(1).toNanos();

  private final NanoClock clock;
  private long windowBegan;
  private int written;
  private long leftOut;

  RefusedLogins(NanoClock clock) {
    this.clock = clock;
    this.windowBegan = clock.nanos();
  }

  /** Returns how many were left out since the last one, if this one is to be written. */
  synchronized OptionalLong next() {
    long now = clock.nanos();
    if (now - windowBegan >= WINDOW_NANOS) {
      windowBegan = now;
      written = 0;
    }
    if (written >= PER_MINUTE) {
      leftOut++;
      return OptionalLong.empty();
    }
    written++;
    long before = leftOut;
    leftOut = 0;
    return OptionalLong.of(before);
  }
}
