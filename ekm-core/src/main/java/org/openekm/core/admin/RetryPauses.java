// SPDX-License-Identifier: Apache-2.0
package org.openekm.core.admin;

import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.openekm.api.NanoClock;

/**
 * Background work that has failed is left for a while: a minute at first, twice as long after each
 * further failure, an hour at most. Thread-safe.
 */
final class RetryPauses {

  private static final Duration FIRST = Duration.ofMinutes(1);
  private static final Duration LONGEST = Duration.ofHours(1);

  private final NanoClock clock;
  private final Map<String, Pause> pauses = new ConcurrentHashMap<>();

  private record Pause(long begunAt, Duration length) {}

  RetryPauses(NanoClock clock) {
    this.clock = clock;
  }

  /** Returns true if the work may be tried now. */
  boolean over(String work) {
    Pause pause = pauses.get(work);
    return pause == null || clock.nanos() - pause.begunAt() >= pause.length().toNanos();
  }

  /** Returns how long the work shall wait after this failure. */
  Duration failed(String work) {
    Pause next =
        pauses.compute(
            work, (name, last) -> new Pause(clock.nanos(), last == null ? FIRST : longer(last)));
    return next.length();
  }

  /** Forgets the failures of work that has succeeded or is not wanted any more. */
  void done(String work) {
    pauses.remove(work);
  }

  private static Duration longer(Pause last) {
    Duration twice = last.length().multipliedBy(2);
    return twice.compareTo(LONGEST) < 0 ? twice : LONGEST;
  }
}
