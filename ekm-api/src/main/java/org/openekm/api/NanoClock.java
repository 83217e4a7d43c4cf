// SPDX-License-Identifier: Apache-2.0
package org.openekm.api;

/**
 * A monotonic clock in nanoseconds, used for deadlines and latencies; it never jumps with the wall
 * clock.
 *
 * <p>Implementations must be thread-safe. Only differences between two readings have a meaning.
 */
@FunctionalInterface
public interface NanoClock {

  /** Returns the current reading in nanoseconds, as {@link System#nanoTime()} does. */
  long nanos();

  /** Returns the clock of this Java virtual machine. */
  static NanoClock system() {
    return System::nanoTime;
  }
}
