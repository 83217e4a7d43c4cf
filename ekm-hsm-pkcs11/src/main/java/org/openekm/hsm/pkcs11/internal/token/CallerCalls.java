// SPDX-License-Identifier: Apache-2.0
package org.openekm.hsm.pkcs11.internal.token;

import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import java.util.function.Function;
import org.openekm.api.Deadline;
import org.openekm.spi.backend.BackendException;

/**
 * Calls the library on the caller's own thread, which saves a hand-over. Only for a process that
 * may be killed when the library hangs: nobody gives up at the deadline here.
 */
final class CallerCalls implements TokenCalls {

  private final Pkcs11Token token;
  private final AtomicInteger busy = new AtomicInteger();
  private final Queue<TokenSession> sessions = new ConcurrentLinkedQueue<>();
  private volatile boolean closed;

  CallerCalls(Pkcs11Token token) {
    this.token = token;
  }

  @Override
  public <T> T call(Function<TokenSession, T> work, Consumer<T> wipe, Deadline deadline) {
    if (closed) {
      throw new BackendException.Unavailable("backend " + token.name() + " is closed", false, null);
    }
    if (deadline.expired()) {
      throw new BackendException.TimedOut("no time was left to call the token", null);
    }
    TokenSession idle = sessions.poll();
    TokenSession session = idle == null ? token.newSession() : idle;
    busy.incrementAndGet();
    try {
      return work.apply(session);
    } finally {
      busy.decrementAndGet();
      sessions.add(session);
    }
  }

  @Override
  public int busy() {
    return busy.get();
  }

  @Override
  public int hanging() {
    return 0;
  }

  @Override
  public void close() {
    closed = true;
    for (TokenSession last = sessions.poll(); last != null; last = sessions.poll()) {
      last.free();
    }
  }
}
