// SPDX-License-Identifier: Apache-2.0
package org.openekm.core.admin;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import org.openekm.api.NanoClock;
import org.openekm.spi.event.EkmListener;

/**
 * The wall clock, held against the monotonic one since the start, so that a clock that jumps
 * neither makes something happen before its time nor puts it off. Thread-safe.
 */
final class SteadyTime {

  private static final Duration SLACK = Duration.ofMinutes(5);

  private final EkmListener listener;
  private final InstantSource clock;
  private final NanoClock nanoClock;
  private final Instant startedAt;
  private final long startedNanos;

  SteadyTime(EkmListener listener, InstantSource clock, NanoClock nanoClock) {
    this.listener = listener;
    this.clock = clock;
    this.nanoClock = nanoClock;
    this.startedAt = clock.instant();
    this.startedNanos = nanoClock.nanos();
  }

  /**
   * Returns a time to begin a waiting period from: a wall clock that has jumped back must not
   * shorten it, as it would end early once the clock is right again.
   */
  Instant notTooEarly() {
    Instant shown = clock.instant();
    Instant earliest = byMonotonicTime().minus(SLACK);
    return shown.isBefore(earliest) ? earliest : shown;
  }

  /**
   * Returns a time to find out by what is due: a wall clock that jumps ahead must not make it so
   * before its time; monotonic time says how far it can be.
   */
  Instant notTooLate() {
    Instant shown = clock.instant();
    Instant latest = byMonotonicTime().plus(SLACK);
    if (shown.isAfter(latest)) {
      listener.onWarning(
          "clock-jumped",
          "the clock has jumped ahead by more than 5 minutes since the start, so no key is destroyed or rotated"
              + " before its time by the earlier clock; check the clock and restart this server");
      return latest;
    }
    return shown;
  }

  /**
   * Returns a time to find out by whether something is missing: a wall clock that jumps, ahead or
   * back, moves it by 5 minutes at most.
   */
  Instant steady() {
    Instant latest = notTooLate();
    Instant earliest = byMonotonicTime().minus(SLACK);
    return latest.isBefore(earliest) ? earliest : latest;
  }

  private Instant byMonotonicTime() {
    return startedAt.plusNanos(nanoClock.nanos() - startedNanos);
  }
}
