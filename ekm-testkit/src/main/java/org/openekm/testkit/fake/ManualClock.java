// SPDX-License-Identifier: Apache-2.0
package org.openekm.testkit.fake;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import org.openekm.api.NanoClock;

/**
 * A wall clock and a monotonic clock that move only when told to. {@link #advance} moves both;
 * {@link #jumpWallClock} moves the wall clock alone, as an operator or a time server does.
 *
 * <p>Thread-safe.
 */
public final class ManualClock implements InstantSource, NanoClock {

  /** Where a clock made without a start begins: noon, far from any boundary of a month or year. */
  public static final Instant DEFAULT_START = Instant.parse("2026-05-12T12:00:00Z");

  private long elapsedNanos;
  private Instant zero;

  /** Makes a clock that shows {@link #DEFAULT_START}. */
  public ManualClock() {
    this(DEFAULT_START);
  }

  /** Makes a clock that shows the given instant. */
  public ManualClock(Instant start) {
    this.zero = start;
  }

  @Override
  public synchronized Instant instant() {
    return zero.plusNanos(elapsedNanos);
  }

  @Override
  public synchronized long nanos() {
    return elapsedNanos;
  }

  /**
   * Moves both clocks on.
   *
   * @throws IllegalArgumentException if the step is negative; monotonic time never runs backwards
   */
  public synchronized void advance(Duration step) {
    if (step.isNegative()) {
      throw new IllegalArgumentException(
          "step must be zero or more, is " + step + "; use jumpWallClock to go back");
    }
    elapsedNanos += step.toNanos();
  }

  /** Moves the wall clock alone, forwards or backwards. */
  public synchronized void jumpWallClock(Duration step) {
    zero = zero.plus(step);
  }

  @Override
  public String toString() {
    return "ManualClock[" + instant() + "]";
  }
}
