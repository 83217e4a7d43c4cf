// SPDX-License-Identifier: Apache-2.0
package org.openekm.hsm.pkcs11.internal.token;

import static java.util.concurrent.TimeUnit.MILLISECONDS;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.BlockingDeque;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.LinkedBlockingDeque;
import org.jspecify.annotations.Nullable;
import org.openekm.api.Deadline;
import org.openekm.hsm.pkcs11.internal.cryptoki.Ckf;
import org.openekm.hsm.pkcs11.internal.cryptoki.Ckr;
import org.openekm.hsm.pkcs11.internal.cryptoki.Cryptoki;
import org.openekm.hsm.pkcs11.internal.cryptoki.Pkcs11Exception;

/**
 * The sessions of one log-in. Opens as many as are used at once; where the token allows fewer, a
 * call waits for one to come back. Thread-safe.
 */
final class SessionPool {

  private static final long PAUSE_MILLIS = 5;

  private final Cryptoki cryptoki;
  private final long slot;
  private final long flags;
  private final Set<Long> open = ConcurrentHashMap.newKeySet();
  private final BlockingDeque<Long> idle = new LinkedBlockingDeque<>();
  private volatile boolean ended;

  SessionPool(Cryptoki cryptoki, long slot, boolean readOnly) {
    this.cryptoki = cryptoki;
    this.slot = slot;
    this.flags = flags(readOnly);
  }

  static long flags(boolean readOnly) {
    return Ckf.SERIAL_SESSION | (readOnly ? 0 : Ckf.RW_SESSION);
  }

  /**
   * Returns a session for one call.
   *
   * @throws Pkcs11Exception if none can be opened and none comes back in time
   */
  long borrow(Deadline deadline) {
    Long handle = idle.pollFirst();
    while (handle == null) {
      try {
        handle = cryptoki.openSession(slot, flags);
        open.add(handle);
      } catch (Pkcs11Exception e) {
        if (e.code() != Ckr.SESSION_COUNT || deadline.expired()) {
          throw e;
        }
        handle = waitForOne(e);
      }
    }
    return handle;
  }

  /** Waits a little: another may also be closed, which makes room for a new one. */
  private @Nullable Long waitForOne(Pkcs11Exception limit) {
    try {
      return idle.pollFirst(PAUSE_MILLIS, MILLISECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw limit;
    }
  }

  /** Takes a session back that can be used again; the latest is used first. */
  void giveBack(long handle) {
    if (open.contains(handle)) {
      idle.addFirst(handle);
    }
  }

  /** Forgets a session; returns false if it was not ours any more. */
  boolean remove(long handle) {
    return open.remove(handle);
  }

  /**
   * Returns true once the log-in has ended. A call that held on to it must not open sessions here:
   * nobody would ever close them, and a token with few would have none left.
   */
  boolean ended() {
    return ended;
  }

  /** Forgets all sessions and returns them. To be called while no call is in the library. */
  List<Long> end() {
    ended = true;
    List<Long> all = new ArrayList<>(open);
    open.clear();
    idle.clear();
    return all;
  }
}
