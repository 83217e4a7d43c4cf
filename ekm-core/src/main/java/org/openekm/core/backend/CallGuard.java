// SPDX-License-Identifier: Apache-2.0
package org.openekm.core.backend;

import io.github.resilience4j.bulkhead.Bulkhead;
import io.github.resilience4j.bulkhead.BulkheadConfig;
import io.github.resilience4j.bulkhead.internal.SemaphoreBulkhead;
import io.github.resilience4j.circuitbreaker.CircuitBreaker;
import io.github.resilience4j.circuitbreaker.CircuitBreakerConfig;
import java.time.Duration;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import org.openekm.api.EkmException;
import org.openekm.spi.backend.BackendException;
import org.openekm.spi.event.BackendCallCompleted;

/** Lets calls through to one backend as long as it is fit for them. Thread-safe. */
final class CallGuard {

  private final String backend;
  private final ResilienceConfig config;
  private final BackendRuntime runtime;
  private final CircuitBreaker breaker;
  private final Bulkhead bulkhead;
  private final AtomicInteger stuck = new AtomicInteger();

  CallGuard(
      String backend, ResilienceConfig config, int maxConcurrentCalls, BackendRuntime runtime) {
    this.backend = backend;
    this.config = config;
    this.runtime = runtime;
    this.breaker = CircuitBreaker.of(backend, breakerConfig(config, runtime));
    this.bulkhead =
        new SemaphoreBulkhead(
            backend,
            BulkheadConfig.custom()
                .maxConcurrentCalls(maxConcurrentCalls)
                .maxWaitDuration(Duration.ZERO)
                .writableStackTraceEnabled(false)
                .build());
    breaker
        .getEventPublisher()
        .onStateTransition(
            event ->
                runtime
                    .listener()
                    .onBreakerState(backend, event.getStateTransition().getToState().name()));
    runtime.listener().onBreakerState(backend, breaker.getState().name());
  }

  /** Returns how many calls hang on although their requests have given up. */
  int stuckCalls() {
    return Math.max(0, stuck.get());
  }

  /** Returns the circuit breaker's state. */
  CircuitBreaker.State state() {
    return breaker.getState();
  }

  /**
   * Makes the call and hands its result to {@code check} before it returns it.
   *
   * @param check throws if the result is not what the backend owes us; the result is wiped then
   */
  <T> T run(BackendCall<T> call, Consumer<T> check) {
    long startedAt = runtime.clock().nanos();
    String outcome = "refused";
    try {
      enter(call);
      outcome = "failed";
      T result = execute(call, check, startedAt);
      outcome = "ok";
      return result;
    } catch (BackendException e) {
      outcome = "failed".equals(outcome) ? BackendErrors.kind(e) : outcome;
      throw e;
    } catch (EkmException e) {
      outcome = "bad-answer";
      throw e;
    } finally {
      long nanos = runtime.clock().nanos() - startedAt;
      runtime
          .listener()
          .onBackendCall(new BackendCallCompleted(backend, call.name(), outcome, nanos));
    }
  }

  private void enter(BackendCall<?> call) {
    boolean entered = false;
    try {
      if (call.deadline().expired()) {
        throw new BackendException.TimedOut("no time was left to call backend " + backend, null);
      }
      if (!breaker.tryAcquirePermission()) {
        throw new BackendException.Unavailable(
            "backend "
                + backend
                + " has failed too often lately; it is tried again within "
                + config.openTime(),
            false,
            null);
      }
      if (!bulkhead.tryAcquirePermission()) {
        breaker.releasePermission();
        throw new BackendException.Unavailable(
            "backend " + backend + " is busy with as many calls as it may take" + stuckText(),
            true,
            null);
      }
      entered = true;
    } finally {
      if (!entered) {
        call.cleanUp().run();
      }
    }
  }

  private <T> T execute(BackendCall<T> call, Consumer<T> check, long startedAt) {
    boolean recorded = false;
    try {
      T result =
          config.threading() == ResilienceConfig.Threading.CALLER ? runHere(call) : handOver(call);
      accept(call, result, check);
      breaker.onSuccess(
          call.hurried() ? runtime.clock().nanos() - startedAt : 0, TimeUnit.NANOSECONDS);
      recorded = true;
      return result;
    } catch (BackendException e) {
      if (BackendErrors.blamesDevice(e)) {
        breaker.onError(runtime.clock().nanos() - startedAt, TimeUnit.NANOSECONDS, e);
        recorded = true;
      }
      throw e;
    } catch (EkmException e) {
      breaker.onError(runtime.clock().nanos() - startedAt, TimeUnit.NANOSECONDS, e);
      recorded = true;
      throw e;
    } catch (RuntimeException e) {
      breaker.onError(runtime.clock().nanos() - startedAt, TimeUnit.NANOSECONDS, e);
      recorded = true;
      throw new BackendException.Unavailable(
          "backend " + backend + " broke its contract with " + e.getClass().getName(), false, e);
    } finally {
      // Neither good nor bad news of the device: the breaker forgets the call.
      if (!recorded) {
        breaker.releasePermission();
      }
    }
  }

  private <T> T runHere(BackendCall<T> call) {
    try {
      return call.work().get();
    } finally {
      bulkhead.onComplete();
      call.cleanUp().run();
    }
  }

  private <T> T handOver(BackendCall<T> call) {
    HandedCall<T> handed = new HandedCall<>(call.withCleanUp(bulkhead::onComplete), stuck);
    start(handed);
    try {
      return handed.await();
    } catch (BackendException.TimedOut e) {
      int now = stuckCalls();
      if (now > 0) {
        runtime
            .listener()
            .onWarning("backend-stuck", "backend " + backend + ": " + now + " calls hang");
      }
      throw e;
    }
  }

  /** Whatever the executor throws, the call's place and its copy of the input are given back. */
  private void start(HandedCall<?> handed) {
    boolean started = false;
    try {
      runtime.executor().execute(handed);
      started = true;
    } catch (RejectedExecutionException | OutOfMemoryError e) {
      // Out of memory is also what a refused native thread looks like.
      throw new BackendException.Unavailable(
          "no thread was free to call backend " + backend, true, e);
    } finally {
      if (!started) {
        handed.callOff();
      }
    }
  }

  private <T> void accept(BackendCall<T> call, T result, Consumer<T> check) {
    boolean accepted = false;
    try {
      check.accept(result);
      if (call.deadline().expired()) {
        throw new BackendException.TimedOut(
            "backend " + backend + " answered after the deadline", null);
      }
      accepted = true;
    } finally {
      if (!accepted) {
        call.wipe().accept(result);
      }
    }
  }

  private String stuckText() {
    int now = stuckCalls();
    return now == 0 ? "" : "; " + now + " of them hang";
  }

  private static CircuitBreakerConfig breakerConfig(
      ResilienceConfig config, BackendRuntime runtime) {
    return CircuitBreakerConfig.custom()
        .clock(new MonotonicClock(runtime.clock()))
        .currentTimestampFunction(clock -> runtime.clock().nanos(), TimeUnit.NANOSECONDS)
        .slidingWindow(
            config.windowSize(),
            config.minimumCalls(),
            CircuitBreakerConfig.SlidingWindowType.COUNT_BASED)
        .failureRateThreshold(config.failureRatePercent())
        .slowCallDurationThreshold(config.slowCall())
        .slowCallRateThreshold(config.failureRatePercent())
        .waitDurationInOpenState(config.openTime())
        .permittedNumberOfCallsInHalfOpenState(config.trialCalls())
        .writableStackTraceEnabled(false)
        .build();
  }
}
