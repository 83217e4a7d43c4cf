// SPDX-License-Identifier: Apache-2.0
package org.openekm.hsm.pkcs11.internal.token;

import static java.util.concurrent.TimeUnit.NANOSECONDS;

import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.openekm.api.Deadline;
import org.openekm.hsm.pkcs11.internal.cryptoki.Pkcs11Exception;
import org.openekm.spi.ComponentContext;
import org.openekm.spi.backend.BackendException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keeps one token in use: whoever notices that a generation has ended has it replaced here, one
 * thread for all. Thread-safe.
 *
 * <p>A try that fails makes the token count as down, and calls are refused at once until the next
 * try is due, after {@link TokenConfig.Pace#interval} and a random part of it. A try that succeeds
 * may be followed by another at once, but there are never more than two within twice the interval:
 * a token that is gone is not stormed, and one that is back is found within a second.
 */
final class Repairs {

  private static final Logger LOG = LoggerFactory.getLogger(Repairs.class);

  private final String name;
  private final TokenConfig.Pace pace;
  private final SharedLibrary library;
  private final TokenConnector connector;
  private final ComponentContext context;
  private final ReentrantLock lock = new ReentrantLock();
  private final AtomicLong logins = new AtomicLong();
  private final AtomicLong restarts = new AtomicLong();

  private volatile @Nullable Generation current;
  private volatile boolean closed;
  private volatile @Nullable BackendException down;
  private volatile long nextTryAt;
  private long lastTryAt;
  private boolean restartNext;

  Repairs(
      String name,
      TokenConfig.Pace pace,
      SharedLibrary library,
      TokenConnector connector,
      ComponentContext context) {
    this.name = name;
    this.pace = pace;
    this.library = library;
    this.connector = connector;
    this.context = context;
    this.nextTryAt = context.nanoClock().nanos();
    this.lastTryAt = nextTryAt - 2 * pace.interval().toNanos();
  }

  /** Returns a generation that was good a moment ago, beginning one if need be. */
  Generation generation(Deadline deadline) {
    Generation generation = current;
    if (generation != null && generation.libraryEpoch() == library.epoch()) {
      return generation;
    }
    return replace(generation, Level.LOG_IN, deadline);
  }

  /** How far a repair goes. */
  enum Level {
    /** New sessions and a new log-in. */
    LOG_IN,
    /** The library as well. */
    RESTART
  }

  /**
   * Replaces a generation unless somebody else has done so meanwhile.
   *
   * @throws BackendException if the token can't be brought back now
   */
  Generation replace(@Nullable Generation seen, Level level, Deadline deadline) {
    lockWithin(deadline);
    try {
      Generation now = current;
      if (now != null && now != seen && now.libraryEpoch() == library.epoch()) {
        return now;
      }
      if (level == Level.RESTART) {
        restartNext = true;
      }
      requireDue();
      return attempt(now);
    } finally {
      lock.unlock();
    }
  }

  long logins() {
    return logins.get();
  }

  long restarts() {
    return restarts.get();
  }

  /** Ends the present generation and lets no other begin. */
  void close() {
    closed = true;
    lock.lock();
    try {
      Generation last = current;
      current = null;
      if (last != null) {
        library.exclusively(
            pace.patience(),
            () -> {
              connector.close(last);
              return last;
            });
      }
    } catch (BackendException e) {
      LOG.warn("{}: closed with calls under way: {}", name, e.getMessage());
    } finally {
      lock.unlock();
    }
  }

  private void lockWithin(Deadline deadline) {
    try {
      if (lock.tryLock(deadline.remainingNanos(), NANOSECONDS)) {
        return;
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    throw new BackendException.TimedOut("the token was being brought back into use", null);
  }

  private void requireDue() {
    if (closed) {
      throw new BackendException.Unavailable("backend " + name + " is closed", false, null);
    }
    BackendException reason = down;
    if (context.nanoClock().nanos() - nextTryAt >= 0) {
      return;
    }
    if (reason instanceof BackendException.Misconfigured) {
      throw reason;
    }
    String text = reason == null ? "it was lost again at once" : reason.getMessage();
    throw new BackendException.Unavailable(
        "the token is not in use: " + text + "; it is tried again within a second", true, reason);
  }

  private Generation attempt(@Nullable Generation old) {
    long previousTryAt = lastTryAt;
    lastTryAt = context.nanoClock().nanos();
    nextTryAt = lastTryAt + delayNanos();
    try {
      Generation fresh = library.exclusively(pace.patience(), step(old));
      current = fresh;
      down = null;
      restartNext = false;
      logins.incrementAndGet();
      nextTryAt = previousTryAt + 2 * pace.interval().toNanos();
      return fresh;
    } catch (Pkcs11Exception e) {
      restartNext = restartNext || FaultTable.of(e) != Fault.PIN;
      throw isDown(TokenConnector.explain(e));
    } catch (BackendException.Unavailable e) {
      // A library shows a token that has come later only after a new start.
      restartNext = true;
      throw isDown(e);
    } catch (BackendException e) {
      throw isDown(e);
    }
  }

  private Supplier<Generation> step(@Nullable Generation old) {
    if (restartNext) {
      return () -> {
        restarts.incrementAndGet();
        return connector.restart();
      };
    }
    if (old != null && old.libraryEpoch() == library.epoch()) {
      return () -> orRestarted(() -> connector.reconnect(old));
    }
    return () -> orRestarted(connector::connect);
  }

  /**
   * A log-in that does not bring the token back leads to a restart in the same try. So does a token
   * that is not to be seen: SoftHSM misses one that another process is just writing (measured).
   */
  private Generation orRestarted(Supplier<Generation> login) {
    try {
      return login.get();
    } catch (Pkcs11Exception e) {
      if (FaultTable.of(e) == Fault.PIN) {
        throw e;
      }
      return restarted(e);
    } catch (BackendException.Unavailable e) {
      return restarted(e);
    }
  }

  private Generation restarted(RuntimeException reason) {
    LOG.info("{}: {}; restarting the library", name, reason.getMessage());
    restarts.incrementAndGet();
    return connector.restart();
  }

  private BackendException isDown(BackendException reason) {
    current = null;
    BackendException before = down;
    down = reason;
    if (before == null || !String.valueOf(before.getMessage()).equals(reason.getMessage())) {
      LOG.warn("{}: the token is not in use: {}", name, reason.getMessage());
    }
    return reason;
  }

  private long delayNanos() {
    long interval = pace.interval().toNanos();
    return interval + context.random().nextLong(interval / 2 + 1);
  }
}
