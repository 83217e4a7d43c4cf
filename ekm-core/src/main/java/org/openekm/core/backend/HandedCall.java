// SPDX-License-Identifier: Apache-2.0
package org.openekm.core.backend;

import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;
import org.openekm.spi.backend.BackendException;

/**
 * A call that another thread makes while the request waits for a bounded time.
 *
 * <p>Request and worker move one state by compare-and-set, so that exactly one of them disposes of
 * the result: the request if it got it in time, else the worker, which wipes it. A worker is never
 * interrupted: half-done work on a device session or file would do more harm than a thread that
 * waits.
 */
final class HandedCall<T> implements Runnable {

  private enum State {
    NEW,
    RUNNING,
    ABANDONED,
    FINISHED
  }

  private final BackendCall<T> call;
  private final AtomicInteger stuck;
  private final AtomicReference<State> state = new AtomicReference<>(State.NEW);
  private final CountDownLatch finished = new CountDownLatch(1);
  private @Nullable T result;
  private @Nullable RuntimeException failure;

  HandedCall(BackendCall<T> call, AtomicInteger stuck) {
    this.call = call;
    this.stuck = stuck;
  }

  /** Makes the call; run by the worker. */
  @Override
  public void run() {
    if (!state.compareAndSet(State.NEW, State.RUNNING)) {
      return;
    }
    try {
      result = call.work().get();
    } catch (RuntimeException e) {
      failure = e;
    } finally {
      finish();
    }
  }

  /**
   * Waits for the result until the call's deadline; called by the request.
   *
   * @throws BackendException.TimedOut if it did not come in time
   */
  T await() {
    if (!finishedInTime() && abandoned()) {
      throw new BackendException.TimedOut(
          "no answer to " + call.name() + " before the deadline", null);
    }
    if (failure != null) {
      throw failure;
    }
    if (result == null) {
      throw new BackendException.Unavailable(call.name() + " ended without a result", false, null);
    }
    return result;
  }

  /**
   * Makes sure that the call is not made, for a caller that does not wait for it. If a worker has
   * begun it already, its result is wiped.
   */
  void callOff() {
    if (!abandoned() && result != null) {
      call.wipe().accept(result);
    }
  }

  private boolean finishedInTime() {
    try {
      return finished.await(Math.max(0, call.deadline().remainingNanos()), TimeUnit.NANOSECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return false;
    }
  }

  private boolean abandoned() {
    if (state.compareAndSet(State.NEW, State.ABANDONED)) {
      call.cleanUp().run();
      return true;
    }
    stuck.incrementAndGet();
    if (state.compareAndSet(State.RUNNING, State.ABANDONED)) {
      return true;
    }
    stuck.decrementAndGet();
    return false;
  }

  private void finish() {
    boolean wanted = state.compareAndSet(State.RUNNING, State.FINISHED);
    if (!wanted) {
      stuck.decrementAndGet();
      if (result != null) {
        call.wipe().accept(result);
      }
    }
    call.cleanUp().run();
    finished.countDown();
  }
}
