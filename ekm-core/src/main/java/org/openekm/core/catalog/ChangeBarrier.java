// SPDX-License-Identifier: Apache-2.0
package org.openekm.core.catalog;

import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;
import org.openekm.api.NanoClock;

/**
 * Holds the acknowledgement of a change that takes access away until nobody can answer by what was
 * before: on this node by the {@link AnswerGate}, on other nodes by their own acknowledgement, or
 * by the time after which they must have looked again.
 *
 * <p>Thread-safe.
 */
public final class ChangeBarrier {

  private static final long POLL_NANOS = TimeUnit.MILLISECONDS.toNanos(1);

  private final KeyCatalog catalog;
  private final AnswerGate gate;
  private final NanoClock clock;
  private final Duration limit;
  private final Executor executor;

  /**
   * Makes a barrier.
   *
   * @param limit how long to wait for the requests of this node; longer than a request's deadline
   * @param executor asks the store about other nodes
   */
  public ChangeBarrier(
      KeyCatalog catalog, AnswerGate gate, NanoClock clock, Duration limit, Executor executor) {
    this.catalog = catalog;
    this.gate = gate;
    this.clock = clock;
    this.limit = limit;
    this.executor = executor;
  }

  /**
   * Waits; call after the commit has returned.
   *
   * @return false if a request of this node still held on at the limit, or the thread was
   *     interrupted
   */
  public boolean await() {
    long revision = catalog.latest().revision();
    long settled = clock.nanos() + catalog.settleTime().toNanos();
    if (!gate.awaitQuiescence(limit)) {
      return false;
    }
    @Nullable CompletableFuture<Boolean> acknowledged = null;
    while (settled - clock.nanos() > 0) {
      if (Thread.currentThread().isInterrupted()) {
        return false;
      }
      if (acknowledged == null || acknowledged.isDone()) {
        if (acknowledged != null && acknowledged.getNow(false)) {
          return true;
        }
        acknowledged = ask(revision);
      }
      LockSupport.parkNanos(this, POLL_NANOS);
    }
    return true;
  }

  /** On another thread: a store that hangs must not hold the acknowledgement up. */
  private CompletableFuture<Boolean> ask(long revision) {
    return CompletableFuture.supplyAsync(() -> catalog.othersServe(revision), executor)
        .exceptionally(failure -> false);
  }
}
