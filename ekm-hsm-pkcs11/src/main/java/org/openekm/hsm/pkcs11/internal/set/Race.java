// SPDX-License-Identifier: Apache-2.0
package org.openekm.hsm.pkcs11.internal.set;

import java.util.concurrent.Executor;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.openekm.api.Deadline;
import org.openekm.api.SecretBytes;
import org.openekm.spi.backend.BackendException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One decryption by two tokens: the first plaintext wins, the other is wiped. Used once.
 *
 * <p>A token that says that the tag does not fit does not lose the race for the other one: if the
 * other has a plaintext, the two hold different keys, which is an alarm.
 */
final class Race {

  private static final Logger LOG = LoggerFactory.getLogger(Race.class);

  private final ReentrantLock lock = new ReentrantLock();
  private final Condition changed = lock.newCondition();
  private @Nullable SecretBytes winner;
  private @Nullable BackendException failure;
  private int running;
  private boolean over;

  /** Has a token try on a thread of the executor. */
  void enter(Executor executor, String member, Supplier<SecretBytes> call) {
    lock.lock();
    try {
      running++;
    } finally {
      lock.unlock();
    }
    executor.execute(() -> run(member, call));
  }

  private void run(String member, Supplier<SecretBytes> call) {
    SecretBytes made = null;
    BackendException failed = null;
    try {
      made = call.get();
    } catch (BackendException e) {
      failed = e;
    } catch (RuntimeException e) {
      failed = new BackendException.Unavailable("token " + member + ": " + e, false, e);
    }
    lock.lock();
    try {
      running--;
      finish(member, made, failed);
      changed.signalAll();
    } finally {
      lock.unlock();
    }
  }

  private void finish(
      String member, @Nullable SecretBytes made, @Nullable BackendException failed) {
    if ((isMismatch(failed) && winner != null) || (isMismatch(failure) && made != null)) {
      LOG.error(
          "token {} and another of its set decrypt differently: they hold different keys", member);
    }
    if (made == null) {
      failure = failed;
    } else if (winner == null && !over) {
      winner = made;
    } else {
      made.destroy();
    }
  }

  /**
   * Waits for a plaintext for at most so long; null if there is none yet and somebody still runs.
   */
  @Nullable SecretBytes await(long nanos) {
    lock.lock();
    try {
      long left = nanos;
      while (winner == null && running > 0 && left > 0) {
        left = changed.awaitNanos(left);
      }
      return winner;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return null;
    } finally {
      lock.unlock();
    }
  }

  /** Returns true if no other token would know better: the ciphertext or the key is at fault. */
  boolean isDecided() {
    lock.lock();
    try {
      return isMismatch(failure) || failure instanceof BackendException.KeyUnusable;
    } finally {
      lock.unlock();
    }
  }

  private static boolean isMismatch(@Nullable BackendException failure) {
    return failure instanceof BackendException.AuthenticationTagMismatch;
  }

  /** Ends the race: what comes later is wiped. Returns the plaintext or throws the last failure. */
  SecretBytes end(Deadline deadline) {
    SecretBytes made = await(Math.max(0, deadline.remainingNanos()));
    lock.lock();
    try {
      over = true;
      if (made != null) {
        return made;
      }
      if (running == 0 && failure != null) {
        throw failure;
      }
      throw new BackendException.TimedOut("no token answered in time", failure);
    } finally {
      lock.unlock();
    }
  }
}
