// SPDX-License-Identifier: Apache-2.0
package org.openekm.server.http;

import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Supplier;
import org.openekm.spi.CheckResult;

/**
 * Makes the checks one at a time, whoever asks: checks that hang hold one thread and not one per
 * probe, so that a key can still be blocked. Thread-safe.
 */
final class Readiness {

  private final Supplier<Map<String, CheckResult>> checks;
  private final Duration patience;
  private final AtomicReference<CompletableFuture<Map<String, CheckResult>>> running =
      new AtomicReference<>();

  /**
   * Makes it.
   *
   * @param checks may block
   * @param patience how long the others wait for the checks that run already
   */
  Readiness(Supplier<Map<String, CheckResult>> checks, Duration patience) {
    this.checks = checks;
    this.patience = patience;
  }

  /** Returns the results; empty if the checks hang, fail or the thread is interrupted. */
  Optional<Map<String, CheckResult>> results() {
    CompletableFuture<Map<String, CheckResult>> own = new CompletableFuture<>();
    CompletableFuture<Map<String, CheckResult>> others = running.compareAndExchange(null, own);
    return others == null ? made(own) : awaited(others);
  }

  private Optional<Map<String, CheckResult>> made(
      CompletableFuture<Map<String, CheckResult>> promise) {
    try {
      Map<String, CheckResult> results = checks.get();
      promise.complete(results);
      return Optional.of(results);
    } catch (RuntimeException | Error e) {
      promise.completeExceptionally(e);
      throw e;
    } finally {
      running.set(null);
    }
  }

  private Optional<Map<String, CheckResult>> awaited(
      CompletableFuture<Map<String, CheckResult>> promise) {
    try {
      return Optional.of(promise.get(patience.toNanos(), TimeUnit.NANOSECONDS));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return Optional.empty();
    } catch (TimeoutException | ExecutionException e) {
      // Whoever makes the checks reports why; the others only know that nothing is known.
      return Optional.empty();
    }
  }
}
