// SPDX-License-Identifier: Apache-2.0
package org.openekm.server.http;

import java.util.concurrent.Executor;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * The workers and the bounded line in front of them. What finds no place is refused at once, by the
 * thread that brings it.
 */
final class WorkQueue implements Executor, AutoCloseable {

  /** Work that can be turned away. */
  interface Refusable extends Runnable {

    /** Is called instead of {@link #run()} when there is no place. */
    void turnAway();
  }

  private final ThreadPoolExecutor workers;

  WorkQueue(String name, int threads, int places) {
    AtomicInteger number = new AtomicInteger();
    this.workers =
        new ThreadPoolExecutor(
            threads,
            threads,
            1,
            TimeUnit.MINUTES,
            new LinkedBlockingQueue<>(places),
            task -> {
              Thread thread = new Thread(task, name + "-" + number.incrementAndGet());
              thread.setDaemon(true);
              return thread;
            });
  }

  /** Takes {@link Refusable} work only; never throws. */
  @Override
  public void execute(Runnable work) {
    try {
      workers.execute(work);
    } catch (RejectedExecutionException e) {
      ((Refusable) work).turnAway();
    }
  }

  /** Returns how many wait. */
  int waiting() {
    return workers.getQueue().size();
  }

  /** Starts nothing more; what runs may end. */
  @Override
  public void close() {
    workers.shutdownNow();
  }
}
