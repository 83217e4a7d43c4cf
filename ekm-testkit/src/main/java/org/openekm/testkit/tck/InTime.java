// SPDX-License-Identifier: Apache-2.0
package org.openekm.testkit.tck;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/**
 * Runs calls on threads of their own, so that one that hangs fails its test instead of stopping the
 * run.
 */
final class InTime {

  private static final Duration LIMIT = Duration.ofSeconds(100);

  /** What each of several threads does. */
  @FunctionalInterface
  interface Work<T> {
    T run(int thread) throws Exception;
  }

  private InTime() {}

  /**
   * Returns what the call gives, or throws what it throws.
   *
   * @throws AssertionError if it has not ended after the limit
   */
  static <T> T call(String what, Duration limit, Callable<T> call) {
    return await(what, limit, start(what, call));
  }

  /**
   * Lets all threads begin at the same moment and returns what they give; the first failure is
   * thrown.
   */
  static <T> List<T> all(int threads, Work<T> work) {
    CountDownLatch ready = new CountDownLatch(threads);
    List<CompletableFuture<T>> futures = new ArrayList<>();
    for (int i = 0; i < threads; i++) {
      int number = i;
      futures.add(
          start(
              "worker " + i,
              () -> {
                ready.countDown();
                ready.await();
                return work.run(number);
              }));
    }
    return futures.stream().map(future -> await("a worker", LIMIT, future)).toList();
  }

  private static <T> CompletableFuture<T> start(String what, Callable<T> call) {
    CompletableFuture<T> future = new CompletableFuture<>();
    Thread thread = new Thread(() -> complete(future, call), "ekm-tck " + what);
    thread.setDaemon(true);
    thread.start();
    return future;
  }

  private static <T> void complete(CompletableFuture<T> future, Callable<T> call) {
    try {
      future.complete(call.call());
    } catch (Exception | AssertionError e) {
      future.completeExceptionally(e);
    }
  }

  private static <T> T await(String what, Duration limit, CompletableFuture<T> future) {
    try {
      return future.get(limit.toMillis(), TimeUnit.MILLISECONDS);
    } catch (ExecutionException e) {
      throw rethrown(e.getCause());
    } catch (TimeoutException e) {
      throw new AssertionError(what + " has not come back after " + limit, e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new AssertionError("interrupted while waiting for " + what, e);
    }
  }

  private static RuntimeException rethrown(@Nullable Throwable cause) {
    if (cause instanceof Error error) {
      throw error;
    }
    if (cause instanceof RuntimeException runtime) {
      return runtime;
    }
    return new CompletionException(cause);
  }
}
