// SPDX-License-Identifier: Apache-2.0
package org.openekm.hsm.kmip.internal.client;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.openekm.api.Deadline;
import org.openekm.hsm.kmip.internal.client.TransportException.Kind;

/**
 * The connections to one server. They are opened in the background: a caller whose deadline passes
 * leaves, and the next one finds the connection ready. Thread-safe.
 */
final class ConnectionPool implements AutoCloseable {

  private final String label;
  private final Supplier<Connection> opener;
  private final Executor executor;
  private final int most;
  private final long idleNanos;
  private final ReentrantLock lock = new ReentrantLock();
  private final Condition changed = lock.newCondition();
  private final Deque<Connection> idle = new ArrayDeque<>();
  private final List<Connection> open = new ArrayList<>();
  private int opening;
  private int waiting;
  private long failures;
  private @Nullable TransportException failure;
  private boolean closed;

  /**
   * Makes a pool without connections.
   *
   * @param opener opens one, and blocks for a bounded time
   */
  ConnectionPool(
      String label, Supplier<Connection> opener, Executor executor, int most, long idleNanos) {
    this.label = label;
    this.opener = opener;
    this.executor = executor;
    this.most = most;
    // The last fifth is left to the thread that closes it.
    this.idleNanos = idleNanos / 5 * 4;
  }

  /**
   * Returns a connection that nobody else uses until {@link #release}.
   *
   * @throws TransportException if there is none before the deadline
   */
  Connection acquire(Deadline deadline) {
    lock.lock();
    try {
      if (waiting >= most * KmipClientConfig.WAITING_FOR_EACH) {
        throw new TransportException(
            Kind.BUSY, "all " + most + " connections to " + label + " are in use", null);
      }
      waiting++;
      try {
        return await(deadline);
      } finally {
        waiting--;
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new TransportException(Kind.CLOSED, "interrupted while connecting to " + label, e);
    } finally {
      lock.unlock();
    }
  }

  private Connection await(Deadline deadline) throws InterruptedException {
    long seen = failures;
    while (true) {
      if (closed) {
        throw new TransportException(Kind.CLOSED, "the backend is closed", null);
      }
      Connection ready = pollIdle();
      if (ready != null) {
        return ready;
      }
      TransportException failed = failure;
      if (failures != seen && failed != null && opening == 0) {
        throw new TransportException(failed.kind(), String.valueOf(failed.getMessage()), failed);
      }
      if (open.size() + opening < most && opening < waiting) {
        startOpening();
      }
      if (changed.awaitNanos(deadline.remainingNanos()) <= 0) {
        throw new TransportException(Kind.TIMEOUT, "no connection to " + label + " in time", null);
      }
    }
  }

  private @Nullable Connection pollIdle() {
    for (Connection one = idle.pollFirst(); one != null; one = idle.pollFirst()) {
      if (one.alive() && one.idleTime().toNanos() < idleNanos) {
        return one;
      }
      one.close();
    }
    return null;
  }

  private void startOpening() {
    opening++;
    try {
      executor.execute(this::openAndRead);
    } catch (RejectedExecutionException e) {
      opening--;
      throw new TransportException(Kind.BUSY, "no thread for a connection to " + label, e);
    }
  }

  private void openAndRead() {
    Connection connection;
    try {
      connection = opener.get();
    } catch (RuntimeException | Error e) {
      // Whatever it was, its place must be free again.
      failed(e);
      return;
    }
    if (opened(connection)) {
      connection.readUntilEnd();
    }
    ended(connection);
  }

  private void failed(Throwable why) {
    lock.lock();
    try {
      opening--;
      failures++;
      failure =
          why instanceof TransportException known
              ? known
              : new TransportException(Kind.CONNECT, "can't connect to " + label, why);
      changed.signalAll();
    } finally {
      lock.unlock();
    }
  }

  private boolean opened(Connection connection) {
    lock.lock();
    try {
      opening--;
      open.add(connection);
      if (closed) {
        connection.close();
        return false;
      }
      idle.addFirst(connection);
      changed.signal();
      return true;
    } finally {
      lock.unlock();
    }
  }

  private void ended(Connection connection) {
    lock.lock();
    try {
      open.remove(connection);
      idle.remove(connection);
      changed.signal();
    } finally {
      lock.unlock();
    }
  }

  /** Gives a connection back; one that has ended is forgotten. */
  void release(Connection connection) {
    lock.lock();
    try {
      if (connection.alive() && !closed) {
        connection.idleFromNow();
        idle.addFirst(connection);
      } else {
        connection.close();
      }
      changed.signal();
    } finally {
      lock.unlock();
    }
  }

  /** Closes all connections that nobody uses: where one has gone stale, the others have too. */
  void dropIdle() {
    lock.lock();
    try {
      idle.forEach(Connection::close);
      idle.clear();
    } finally {
      lock.unlock();
    }
  }

  /** Returns how many connections there are. */
  int size() {
    lock.lock();
    try {
      return open.size();
    } finally {
      lock.unlock();
    }
  }

  @Override
  public void close() {
    lock.lock();
    try {
      closed = true;
      open.forEach(Connection::close);
      idle.clear();
      changed.signalAll();
    } finally {
      lock.unlock();
    }
  }
}
