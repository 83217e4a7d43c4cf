// SPDX-License-Identifier: Apache-2.0
package org.openekm.hsm.pkcs11.internal.token;

import static java.util.concurrent.TimeUnit.NANOSECONDS;

import java.util.Objects;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.openekm.api.Deadline;
import org.openekm.spi.backend.BackendException;

/**
 * A call on its way from the caller's thread to a worker and back. The caller gives up at the
 * deadline even if the worker hangs in the library; what comes later is wiped.
 *
 * @param <T> the result
 */
final class PendingCall<T> {

  private enum State {
    WAITING,
    RUNNING,
    FINISHED,
    /** The caller gave up before a worker took it. */
    CANCELLED,
    /** The caller gave up while a worker was at it. */
    ABANDONED
  }

  private final Function<TokenSession, T> work;
  private final Consumer<T> wipe;
  private final Deadline deadline;
  private final AtomicReference<State> state = new AtomicReference<>(State.WAITING);
  private final CountDownLatch done = new CountDownLatch(1);
  private @Nullable T result;
  private @Nullable RuntimeException failure;

  PendingCall(Function<TokenSession, T> work, Consumer<T> wipe, Deadline deadline) {
    this.work = work;
    this.wipe = wipe;
    this.deadline = deadline;
  }

  /** Runs it on a worker's thread, unless the caller has given up. */
  void run(TokenSession session) {
    if (!state.compareAndSet(State.WAITING, State.RUNNING)) {
      return;
    }
    T made = null;
    try {
      made = work.apply(session);
      result = made;
    } catch (BackendException e) {
      failure = e;
    } catch (RuntimeException e) {
      failure =
          new BackendException.Unavailable(
              "the call ended with " + e.getClass().getName() + ": " + e.getMessage(), false, e);
    }
    if (!state.compareAndSet(State.RUNNING, State.FINISHED) && made != null) {
      wipe.accept(made);
    }
    done.countDown();
  }

  /** Refuses it before any worker has taken it. */
  void refuse(RuntimeException reason) {
    if (state.compareAndSet(State.WAITING, State.FINISHED)) {
      failure = reason;
      done.countDown();
    }
  }

  /** Returns true while a worker is at it although the caller has given up. */
  boolean abandoned() {
    return state.get() == State.ABANDONED;
  }

  /**
   * Waits for the result.
   *
   * @throws BackendException.TimedOut at the deadline
   */
  T await() {
    boolean finished = false;
    try {
      finished = done.await(deadline.remainingNanos(), NANOSECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    if (!finished && giveUp()) {
      throw new BackendException.TimedOut("the token did not answer in time", null);
    }
    if (failure != null) {
      throw failure;
    }
    return Objects.requireNonNull(result);
  }

  /** Returns false if the call has finished after all. */
  private boolean giveUp() {
    if (state.compareAndSet(State.WAITING, State.CANCELLED)
        || state.compareAndSet(State.RUNNING, State.ABANDONED)) {
      return true;
    }
    return false;
  }
}
