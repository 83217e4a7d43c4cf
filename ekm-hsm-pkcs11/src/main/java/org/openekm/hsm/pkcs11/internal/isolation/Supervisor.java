// SPDX-License-Identifier: Apache-2.0
package org.openekm.hsm.pkcs11.internal.isolation;

import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.LockSupport;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;
import org.openekm.api.Deadline;
import org.openekm.spi.CheckResult;
import org.openekm.spi.ComponentContext;
import org.openekm.spi.backend.BackendException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keeps a token process running and, if wanted, a second one ready to take over. Thread-safe.
 *
 * <p>Processes are started at most every half second, and less and less often while that fails.
 */
final class Supervisor {

  private static final Logger LOG = LoggerFactory.getLogger(Supervisor.class);
  private static final Duration LEAST_PAUSE = Duration.ofMillis(500);
  private static final Duration MOST_PAUSE = Duration.ofSeconds(5);
  private static final Duration TIME_TO_STOP = Duration.ofSeconds(2);
  private static final Duration TIME_TO_WARM_UP = Duration.ofSeconds(5);
  private static final Duration GRACE = Duration.ofSeconds(1);

  private final String name;
  private final boolean wantsSpare;
  private final ChildStarter starter;
  private final ComponentContext context;
  private final ReentrantLock lock = new ReentrantLock();
  private final Condition changed = lock.newCondition();

  private volatile @Nullable TokenChild active;
  private @Nullable TokenChild spare;
  private @Nullable BackendException lastFailure;
  private boolean starting;
  private int failures;
  private long replaced;
  private boolean closed;

  Supervisor(IsolationConfig config, ChildStarter starter, ComponentContext context) {
    this.name = context.instanceName();
    this.wantsSpare = config.spare();
    this.starter = starter;
    this.context = context;
  }

  /**
   * Returns the process in use, waiting for the first one or the next one to start.
   *
   * @throws BackendException if there is none in time
   */
  TokenChild child(Deadline deadline) {
    TokenChild now = active;
    if (now != null && now.endReason() == null) {
      return now;
    }
    lock.lock();
    try {
      long left = deadline.remainingNanos();
      while (true) {
        requireOpen();
        now = active;
        if (now == null || now.endReason() != null) {
          promote();
          now = active;
        }
        if (now != null) {
          return now;
        }
        requireHope(left);
        left = changed.awaitNanos(left);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new BackendException.Unavailable("interrupted", true, e);
    } finally {
      lock.unlock();
    }
  }

  /** Returns how often a process had to be replaced. */
  long replaced() {
    lock.lock();
    try {
      return replaced;
    } finally {
      lock.unlock();
    }
  }

  /** Returns the process in use; null if there is none. */
  @Nullable TokenChild active() {
    return active;
  }

  void close() {
    TokenChild first;
    TokenChild second;
    lock.lock();
    try {
      closed = true;
      first = active;
      second = spare;
      active = null;
      spare = null;
      changed.signalAll();
    } finally {
      lock.unlock();
    }
    if (first != null) {
      first.stop(TIME_TO_STOP);
    }
    if (second != null) {
      second.stop(TIME_TO_STOP);
    }
  }

  private void requireOpen() {
    if (closed) {
      throw new BackendException.Unavailable("backend " + name + " is closed", false, null);
    }
  }

  /** Puts the spare in the place of a process that has ended, and has the next one started. */
  private void promote() {
    TokenChild ended = active;
    active = null;
    if (ended != null) {
      replaced++;
      LOG.warn("{}: process {} is replaced: {}", name, ended.pid(), ended.endReason());
    }
    TokenChild ready = spare;
    spare = null;
    if (ready != null && ready.endReason() == null) {
      active = ready;
      LOG.info("{}: process {} takes over", name, ready.pid());
    }
    startAnother();
    changed.signalAll();
  }

  private void startAnother() {
    boolean enough = active != null && (spare != null || !wantsSpare);
    if (enough || starting || closed) {
      return;
    }
    starting = true;
    context.executor().execute(this::startInTime);
  }

  private void startInTime() {
    long began = context.nanoClock().nanos();
    TokenChild child = null;
    BackendException failure = null;
    try {
      child = starter.start();
      TokenChild started = child;
      context.executor().execute(() -> watch(started));
      warmUp(child);
    } catch (BackendException e) {
      failure = e;
      LOG.warn("{}: {}", name, e.getMessage());
    }
    settle(child, failure);
    pauseSince(began);
    lock.lock();
    try {
      starting = false;
      startAnother();
    } finally {
      lock.unlock();
    }
  }

  /** Has it log in before it is needed. Whether that works is for calls and checks to find out. */
  private void warmUp(TokenChild child) {
    Deadline deadline = Deadline.after(TIME_TO_WARM_UP, context.nanoClock());
    CheckResult result =
        child.call(
            frame -> frame.start(Messages.CHECK).put(CallLink.remaining(deadline)),
            frame -> new CheckResult(frame.getByte() == 1, frame.getString()),
            deadline);
    String state = result.healthy() ? "ready" : "up, its token is not";
    LOG.info("{}: process {} is {}", name, child.pid(), state);
  }

  private void settle(@Nullable TokenChild child, @Nullable BackendException failure) {
    lock.lock();
    try {
      lastFailure = failure;
      failures = failure == null ? 0 : failures + 1;
      if (child == null) {
        changed.signalAll();
        return;
      }
      if (closed) {
        child.kill();
        return;
      }
      TokenChild now = active;
      if (now == null || now.endReason() != null) {
        active = child;
      } else {
        spare = child;
      }
      changed.signalAll();
    } finally {
      lock.unlock();
    }
  }

  private void pauseSince(long began) {
    lock.lock();
    try {
      long least = LEAST_PAUSE.toNanos();
      long pause = Math.min(MOST_PAUSE.toNanos(), least << Math.min(failures, 4));
      long jitter = context.random().nextLong(least / 2);
      long left = began + pause + jitter - context.nanoClock().nanos();
      while (left > 0 && !closed) {
        left = changed.awaitNanos(left);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } finally {
      lock.unlock();
    }
  }

  /** Serves a process until it ends, then has it replaced and makes sure that it is gone. */
  private void watch(TokenChild child) {
    String reason = child.watch();
    lock.lock();
    try {
      if (child == active) {
        promote();
      } else if (child == spare) {
        LOG.warn("{}: the spare process {} has ended: {}", name, child.pid(), reason);
        spare = null;
        startAnother();
      }
    } finally {
      lock.unlock();
    }
    // Calls that are not stuck may still get their answers from it.
    Deadline grace = Deadline.after(GRACE, context.nanoClock());
    while (child.inUse() && !grace.expired()) {
      LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(5));
    }
    child.kill();
  }

  private void requireHope(long nanosLeft) {
    BackendException reason = lastFailure;
    if (reason != null) {
      throw new BackendException.Unavailable(
          "the token's process can't be started: " + reason.getMessage(), true, reason);
    }
    if (nanosLeft <= 0) {
      throw new BackendException.TimedOut("the token's process was not ready in time", null);
    }
  }
}
