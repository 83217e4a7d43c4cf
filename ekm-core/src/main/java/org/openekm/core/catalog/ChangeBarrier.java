// SPDX-License-Identifier: Apache-2.0
package org.openekm.core.catalog;

import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.openekm.api.NanoClock;

/**
 * Holds the acknowledgement of a change that takes access away until nobody can answer by what was
 * before: on this node by the {@link AnswerGate}, on other nodes by the time after which they must
 * have looked again.
 *
 * <p>Thread-safe.
 */
public final class ChangeBarrier {

  private static final long POLL_NANOS = TimeUnit.MILLISECONDS.toNanos(1);

  private final KeyCatalog catalog;
  private final AnswerGate gate;
  private final NanoClock clock;
  private final Duration limit;

  /**
   * Makes a barrier.
   *
   * @param limit how long to wait for the requests of this node; longer than a request's deadline
   */
  public ChangeBarrier(KeyCatalog catalog, AnswerGate gate, NanoClock clock, Duration limit) {
    this.catalog = catalog;
    this.gate = gate;
    this.clock = clock;
    this.limit = limit;
  }

  /**
   * Waits; call after the commit has returned.
   *
   * @return false if a request of this node still held on at the limit, or the thread was
   *     interrupted
   */
  public boolean await() {
    long settled = clock.nanos() + catalog.settleTime().toNanos();
    if (!gate.awaitQuiescence(limit)) {
      return false;
    }
    while (settled - clock.nanos() > 0) {
      if (Thread.currentThread().isInterrupted()) {
        return false;
      }
      LockSupport.parkNanos(this, POLL_NANOS);
    }
    return true;
  }
}
