// SPDX-License-Identifier: Apache-2.0
package org.openekm.core.admin;

import java.security.SecureRandom;
import java.time.InstantSource;
import org.openekm.api.NanoClock;
import org.openekm.core.catalog.FirstUses;
import org.openekm.spi.event.EkmListener;

/**
 * What administration remembers from one use case to the next, for as long as the process lives:
 * since when the clocks are watched, the key that material can be wrapped for, what OCI has used
 * and is not written down yet, and what has failed a moment ago. Thread-safe.
 */
public final class AdminMemory {

  private final FirstUses firstUses;
  private final SteadyTime time;
  private final ImportKey importKey;
  private final RetryPauses pauses;

  /**
   * Makes the memory of a process that starts now.
   *
   * @param firstUses what OCI has used and is not written down yet
   * @param listener hears of a clock that jumps
   * @param clock the wall clock
   * @param nanoClock the monotonic clock
   * @param random the source of the import key
   */
  public AdminMemory(
      FirstUses firstUses,
      EkmListener listener,
      InstantSource clock,
      NanoClock nanoClock,
      SecureRandom random) {
    this.firstUses = firstUses;
    this.time = new SteadyTime(listener, clock, nanoClock);
    this.importKey = new ImportKey(random);
    this.pauses = new RetryPauses(nanoClock);
  }

  FirstUses firstUses() {
    return firstUses;
  }

  SteadyTime time() {
    return time;
  }

  ImportKey importKey() {
    return importKey;
  }

  RetryPauses pauses() {
    return pauses;
  }
}
