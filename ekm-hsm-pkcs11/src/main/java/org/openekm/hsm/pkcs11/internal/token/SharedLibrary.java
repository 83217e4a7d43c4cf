// SPDX-License-Identifier: Apache-2.0
package org.openekm.hsm.pkcs11.internal.token;

import static java.util.Objects.requireNonNull;
import static java.util.concurrent.TimeUnit.NANOSECONDS;

import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.Lock;
import java.util.concurrent.locks.ReentrantReadWriteLock;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.openekm.hsm.pkcs11.internal.cryptoki.Ckr;
import org.openekm.hsm.pkcs11.internal.cryptoki.Cryptoki;
import org.openekm.hsm.pkcs11.internal.cryptoki.InitializeArguments;
import org.openekm.hsm.pkcs11.internal.cryptoki.Pkcs11Exception;
import org.openekm.spi.backend.BackendException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A loaded library and its state of initialization, shared by the tokens that are reached through
 * it. Thread-safe.
 *
 * <p>Calls run side by side under the lock of {@link #enter}. Whatever invalidates sessions runs
 * alone: a library that is finalized beneath a call crashes the process (measured on SoftHSM).
 */
final class SharedLibrary {

  private static final Logger LOG = LoggerFactory.getLogger(SharedLibrary.class);

  private final Path path;
  private final Cryptoki cryptoki;
  private final ReentrantReadWriteLock lock = new ReentrantReadWriteLock();

  /** Rises with each initialization; 0 while there has been none. */
  private final AtomicLong epoch = new AtomicLong();

  private int users;
  private @Nullable InitializeArguments arguments;

  /** False if somebody else in the process has initialized it, who alone may finalize it. */
  private boolean ours;

  private boolean initialized;
  private volatile boolean oneAtATime;

  SharedLibrary(Path path, Cryptoki cryptoki) {
    this.path = path;
    this.cryptoki = cryptoki;
  }

  /** Registers one more user. */
  synchronized void hold(InitializeArguments wanted) {
    if (users > 0 && !wanted.equals(arguments)) {
      throw new BackendException.Misconfigured(
          "the PKCS#11 module "
              + path
              + " is already in use with another 'init-args'; give all its tokens the same",
          null);
    }
    arguments = wanted;
    users++;
  }

  /** Takes a user away; the last one finalizes the library unless calls hang in it. */
  synchronized void release(Duration patience) {
    users--;
    if (users > 0 || !alone(patience)) {
      return;
    }
    try {
      finish();
    } finally {
      lock.writeLock().unlock();
    }
  }

  Cryptoki cryptoki() {
    return cryptoki;
  }

  long epoch() {
    return epoch.get();
  }

  /** Returns how many calls are under way. */
  int calls() {
    return lock.getReadLockCount();
  }

  /** Begins a call; waits while the library is being restarted. */
  Lock enter() {
    Lock mine = oneAtATime ? lock.writeLock() : lock.readLock();
    mine.lock();
    return mine;
  }

  /**
   * Runs {@code work} while nobody else is in the library.
   *
   * @throws BackendException.Unavailable if calls under way don't end within {@code patience}
   */
  <T> T exclusively(Duration patience, Supplier<T> work) {
    if (!alone(patience)) {
      throw new BackendException.Unavailable(
          calls()
              + " calls hang in "
              + path
              + ", which can't be restarted beneath them; with 'isolation: process' it could",
          false,
          null);
    }
    try {
      return work.get();
    } finally {
      lock.writeLock().unlock();
    }
  }

  /** Makes sure that the library is initialized. To be called exclusively. */
  void start() {
    if (!initialized) {
      initialize();
    }
  }

  /** Finalizes and initializes it. To be called exclusively. */
  void restart() {
    finish();
    initialize();
  }

  private boolean alone(Duration patience) {
    try {
      return lock.writeLock().tryLock(patience.toNanos(), NANOSECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return false;
    }
  }

  private void finish() {
    if (!initialized) {
      return;
    }
    initialized = false;
    if (!ours) {
      return;
    }
    try {
      cryptoki.finalizeLibrary();
    } catch (Pkcs11Exception e) {
      // It is started anew next; what matters is whether that succeeds.
      LOG.info("{}: {}", path, e.getMessage());
    }
  }

  private void initialize() {
    InitializeArguments wanted = requireNonNull(arguments);
    try {
      initialize(wanted);
    } catch (Pkcs11Exception e) {
      if (e.code() != Ckr.CANT_LOCK || !wanted.osLocking()) {
        throw e;
      }
      LOG.warn("{} can't lock: one call at a time", path);
      oneAtATime = true;
      initialize(new InitializeArguments(wanted.reserved(), false));
    }
    initialized = true;
    epoch.incrementAndGet();
  }

  private void initialize(InitializeArguments with) {
    try {
      cryptoki.initialize(with);
      ours = true;
    } catch (Pkcs11Exception e) {
      if (e.code() != Ckr.CRYPTOKI_ALREADY_INITIALIZED) {
        throw e;
      }
      ours = false;
      LOG.info("{} has been initialized by another part of this process", path);
    }
  }
}
