// SPDX-License-Identifier: Apache-2.0
package org.openekm.core;

import java.util.concurrent.Executor;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/**
 * The engine's threads: the embedder's, or its own for want of better. Only its own are stopped.
 */
final class EngineThreads implements AutoCloseable {

  private final Executor executor;
  private final ScheduledExecutorService scheduler;
  private final @Nullable ExecutorService ownExecutor;
  private final @Nullable ScheduledExecutorService ownScheduler;

  EngineThreads(
      @Nullable Executor givenExecutor, @Nullable ScheduledExecutorService givenScheduler) {
    ownExecutor =
        givenExecutor == null ? Executors.newCachedThreadPool(daemons("ekm-worker-")) : null;
    ownScheduler =
        givenScheduler == null
            ? Executors.newSingleThreadScheduledExecutor(daemons("ekm-timer-"))
            : null;
    executor =
        givenExecutor == null ? java.util.Objects.requireNonNull(ownExecutor) : givenExecutor;
    scheduler =
        givenScheduler == null ? java.util.Objects.requireNonNull(ownScheduler) : givenScheduler;
  }

  Executor executor() {
    return executor;
  }

  ScheduledExecutorService scheduler() {
    return scheduler;
  }

  @Override
  public void close() {
    if (ownScheduler != null) {
      ownScheduler.shutdownNow();
    }
    if (ownExecutor != null) {
      ownExecutor.shutdown();
    }
  }

  private static ThreadFactory daemons(String prefix) {
    AtomicInteger number = new AtomicInteger();
    return task -> {
      Thread thread = new Thread(task, prefix + number.incrementAndGet());
      thread.setDaemon(true);
      return thread;
    };
  }
}
