// SPDX-License-Identifier: Apache-2.0
package org.openekm.core.catalog;

import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;
import org.openekm.api.Deadline;
import org.openekm.api.EkmErrorCode;
import org.openekm.api.EkmException;
import org.openekm.core.catalog.KeyCatalog.Environment;

/**
 * Lets requests wait for a query to the store. Requests that come while one is under way share it,
 * unless it has taken so long that its answer would be worthless; then a new one is sent, up to a
 * small number that may hang at once.
 *
 * <p>Thread-safe.
 */
final class StoreQueries {

  private static final int MAX_UNDER_WAY = 4;

  private final Runnable query;
  private final long usefulNanos;
  private final Environment environment;
  private @Nullable Flight newest;
  private int underWay;

  StoreQueries(Runnable query, Duration useful, Environment environment) {
    this.query = query;
    this.usefulNanos = useful.toNanos();
    this.environment = environment;
  }

  private record Flight(CompletableFuture<@Nullable Void> answer, long begunAt) {}

  /**
   * Waits for an answer.
   *
   * @throws EkmException STORE_UNAVAILABLE if the query fails or the deadline passes
   */
  void awaitAnswer(Deadline deadline) {
    try {
      join().get(Math.max(0, deadline.remainingNanos()), TimeUnit.NANOSECONDS);
    } catch (TimeoutException e) {
      throw unavailable("does not answer in time", e);
    } catch (ExecutionException e) {
      throw unavailable("fails: " + String.valueOf(e.getCause()), e.getCause());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw unavailable("was not waited for", e);
    }
  }

  private CompletableFuture<@Nullable Void> join() {
    Flight mine;
    synchronized (this) {
      Flight present = newest;
      if (present != null && !present.answer().isDone() && isUseful(present)) {
        return present.answer();
      }
      if (underWay >= MAX_UNDER_WAY) {
        throw unavailable("has left " + underWay + " queries without an answer", null);
      }
      mine = new Flight(new CompletableFuture<>(), environment.clock().nanos());
      newest = mine;
      underWay++;
    }
    start(mine);
    return mine.answer();
  }

  private boolean isUseful(Flight flight) {
    return environment.clock().nanos() - flight.begunAt() <= usefulNanos;
  }

  // An executor also fails with an Error, when no thread can be made: a flight that never ends
  // would take a place for good.
  private void start(Flight flight) {
    try {
      environment.executor().execute(() -> run(flight));
    } catch (RuntimeException | Error e) {
      end();
      flight.answer().completeExceptionally(e);
    }
  }

  // Whatever goes wrong in the query must reach those who wait, or they would wait for nothing
  // until their deadlines.
  @SuppressWarnings("CatchingUnchecked")
  private void run(Flight flight) {
    try {
      query.run();
      end();
      flight.answer().complete(null);
    } catch (RuntimeException | Error e) {
      end();
      flight.answer().completeExceptionally(e);
    }
  }

  private synchronized void end() {
    underWay--;
  }

  private static EkmException unavailable(String what, @Nullable Throwable cause) {
    return new EkmException(
        EkmErrorCode.STORE_UNAVAILABLE,
        "the metadata store " + what + ", so our view may be out of date",
        cause);
  }
}
