// SPDX-License-Identifier: Apache-2.0
package org.openekm.hsm.pkcs11.internal.token;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executor;
import java.util.function.Consumer;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.openekm.api.Deadline;
import org.openekm.spi.backend.BackendException;

/**
 * The threads that call the library, each with a session of its own. A call into a vendor's library
 * can't be interrupted, so nobody but these threads makes one. Thread-safe.
 */
final class TokenWorkers implements TokenCalls {

  /** Calls that wait for a worker, for each worker; more would only wait past their deadlines. */
  private static final int WAITING_PER_WORKER = 16;

  private final String name;
  private final int count;
  private final BlockingQueue<PendingCall<?>> waiting;
  private final Set<PendingCall<?>> running = ConcurrentHashMap.newKeySet();
  private final Pkcs11Token token;
  private final Executor executor;
  private boolean started;
  private volatile boolean closed;

  TokenWorkers(Pkcs11Token token, int count, Executor executor) {
    this.name = token.name();
    this.token = token;
    this.count = count;
    this.executor = executor;
    this.waiting = new ArrayBlockingQueue<>(count * WAITING_PER_WORKER);
  }

  @Override
  public <T> T call(Function<TokenSession, T> work, Consumer<T> wipe, Deadline deadline) {
    if (deadline.expired()) {
      throw new BackendException.TimedOut("no time was left to call the token", null);
    }
    if (closed) {
      throw closedAlready();
    }
    start();
    int hanging = hanging();
    if (hanging >= count) {
      throw new BackendException.Unavailable(
          "all " + count + " sessions of backend " + name + " hang in the library", false, null);
    }
    PendingCall<T> call = new PendingCall<>(work, wipe, deadline);
    if (!waiting.offer(call)) {
      throw new BackendException.Unavailable(
          "backend " + name + " has more calls waiting than it can serve in time", true, null);
    }
    if (closed) {
      refuseWaiting();
    }
    return call.await();
  }

  @Override
  public int hanging() {
    int hanging = 0;
    for (PendingCall<?> call : running) {
      if (call.abandoned()) {
        hanging++;
      }
    }
    return hanging;
  }

  @Override
  public int busy() {
    return running.size();
  }

  /** Refuses what waits and lets the threads end. */
  @Override
  public void close() {
    closed = true;
    refuseWaiting();
    // Idle workers wait for a call: an empty one each wakes them to find that they are to end.
    for (int i = 0; i < count; i++) {
      waiting.offer(new PendingCall<>(session -> true, done -> {}, endOfTime()));
    }
  }

  private static Deadline endOfTime() {
    return Deadline.after(Duration.ofDays(1), () -> 0L);
  }

  private synchronized void start() {
    if (started) {
      return;
    }
    started = true;
    for (int i = 0; i < count; i++) {
      executor.execute(this::work);
    }
  }

  private void work() {
    TokenSession session = null;
    try {
      while (!closed) {
        PendingCall<?> call = waiting.take();
        if (session == null) {
          session = newSession(call);
        }
        if (session != null) {
          runOne(call, session);
        }
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } finally {
      if (session != null) {
        session.free();
      }
    }
  }

  private @Nullable TokenSession newSession(PendingCall<?> call) {
    try {
      return token.newSession();
    } catch (RuntimeException e) {
      call.refuse(
          new BackendException.Unavailable(
              "there is no memory for a session: " + e.getMessage(), true, e));
      return null;
    }
  }

  private void runOne(PendingCall<?> call, TokenSession session) {
    running.add(call);
    try {
      call.run(session);
    } finally {
      running.remove(call);
    }
  }

  private void refuseWaiting() {
    List<PendingCall<?>> left = new ArrayList<>();
    waiting.drainTo(left);
    left.forEach(call -> call.refuse(closedAlready()));
  }

  private BackendException closedAlready() {
    return new BackendException.Unavailable("backend " + name + " is closed", false, null);
  }
}
