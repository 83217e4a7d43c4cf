// SPDX-License-Identifier: Apache-2.0
package org.openekm.api;

import static java.util.Objects.requireNonNull;

import java.time.Duration;

/**
 * The point in monotonic time by which an answer must be out: one budget that queue wait, token
 * check, backend call and audit all draw on.
 *
 * <p>Immutable and thread-safe. A deadline never moves; use {@link #atMost} for a tighter one.
 */
public final class Deadline {

  private final NanoClock clock;
  private final long atNanos;

  private Deadline(NanoClock clock, long atNanos) {
    this.clock = clock;
    this.atNanos = atNanos;
  }

  /**
   * Returns the deadline that lies {@code budget} after the clock's present reading.
   *
   * @param budget zero or more; at most 100 years
   * @throws IllegalArgumentException if the budget is negative
   */
  public static Deadline after(Duration budget, NanoClock clock) {
    requireNonNull(clock, "clock");
    if (budget.isNegative()) {
      throw new IllegalArgumentException("budget must be zero or more, is " + budget);
    }
    return new Deadline(clock, clock.nanos() + budget.toNanos());
  }

  /** Returns the nanoseconds that are left; zero or negative once the deadline has passed. */
  public long remainingNanos() {
    return atNanos - clock.nanos();
  }

  /** Returns the time that is left, never negative. */
  public Duration remaining() {
    return Duration.ofNanos(Math.max(0, remainingNanos()));
  }

  /** Returns true once no time is left. */
  public boolean expired() {
    return remainingNanos() <= 0;
  }

  /** Returns this deadline or the one {@code limit} from now, whichever comes first. */
  public Deadline atMost(Duration limit) {
    Deadline other = after(limit, clock);
    return other.atNanos - atNanos < 0 ? other : this;
  }

  @Override
  public String toString() {
    return "Deadline[remaining " + remaining().toMillis() + " ms]";
  }
}
