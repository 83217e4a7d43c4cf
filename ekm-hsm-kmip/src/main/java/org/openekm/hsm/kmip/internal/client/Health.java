// SPDX-License-Identifier: Apache-2.0
package org.openekm.hsm.kmip.internal.client;

import java.time.Duration;
import java.util.Random;
import org.openekm.api.NanoClock;

/**
 * Whether a server is worth asking. After a failure it is left alone for a while that grows with
 * each further one and has a random part, so that not everybody comes back at once; never so long
 * that its return would go unnoticed for a second. Thread-safe.
 */
final class Health {

  private static final long FIRST_PAUSE = Duration.ofMillis(100).toNanos();
  private static final long LONGEST_PAUSE = Duration.ofMillis(500).toNanos();
  private static final int LATE_ANSWERS_UNTIL_DOWN = 3;
  private static final int MOST_DOUBLINGS = 3;

  private final NanoClock clock;
  private final Random random;
  private int failures;
  private int lateAnswers;
  private long until;
  private boolean down;
  private String why = "";

  Health(NanoClock clock, Random random) {
    this.clock = clock;
    this.random = random;
  }

  /** Returns true if it may be asked now. */
  synchronized boolean open() {
    return !down || clock.nanos() - until >= 0;
  }

  synchronized String why() {
    return why;
  }

  synchronized void works() {
    failures = 0;
    lateAnswers = 0;
    down = false;
    why = "";
  }

  /** Notes that it could not be reached. */
  synchronized void failed(String reason) {
    long pause = Math.min(LONGEST_PAUSE, FIRST_PAUSE << Math.min(failures, MOST_DOUBLINGS));
    failures++;
    down = true;
    why = reason;
    until = clock.nanos() + pause + (long) (random.nextDouble() * pause / 4);
  }

  /** Notes that it let somebody wait; one slow answer says little. */
  synchronized void late(String reason) {
    lateAnswers++;
    if (lateAnswers >= LATE_ANSWERS_UNTIL_DOWN) {
      failed(reason);
    }
  }
}
