// SPDX-License-Identifier: Apache-2.0
package org.openekm.server.metrics;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tags;
import io.micrometer.core.instrument.Timer;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Supplier;
import org.openekm.api.EkmErrorCode;
import org.openekm.api.Operation;
import org.openekm.spi.event.AuditBatchCompleted;
import org.openekm.spi.event.BackendCallCompleted;
import org.openekm.spi.event.CallCompleted;
import org.openekm.spi.event.EkmListener;
import org.openekm.spi.event.TokenKeysRefreshed;

/**
 * Turns the core's events into meters.
 *
 * <p>Tags hold names from enums and from the configuration only, never anything that a caller sent,
 * so their number is bounded. Thread-safe; meters are looked up once and kept.
 */
public final class MicrometerEkmListener implements EkmListener {

  private static final Duration[] LATENCIES = {
    Duration.ofMillis(1),
    Duration.ofMillis(5),
    Duration.ofMillis(10),
    Duration.ofMillis(25),
    Duration.ofMillis(50),
    Duration.ofMillis(100),
    Duration.ofMillis(150),
    Duration.ofMillis(250),
    Duration.ofMillis(500),
    Duration.ofMillis(700),
    Duration.ofMillis(1000)
  };

  private record CallKey(Optional<Operation> operation, Optional<EkmErrorCode> error) {}

  private record BackendKey(String backend, String call, String outcome) {}

  private final MeterRegistry registry;
  private final Map<CallKey, Timer> calls = new ConcurrentHashMap<>();
  private final Map<BackendKey, Timer> backendCalls = new ConcurrentHashMap<>();
  private final Map<String, AtomicInteger> breakers = new ConcurrentHashMap<>();
  private final Map<String, AtomicInteger> tokenKeys = new ConcurrentHashMap<>();
  private final AtomicLong revision = new AtomicLong();
  private final Timer durableBatches;
  private final Timer failedBatches;
  private final Counter auditEvents;

  /** Registers the meters that exist from the start. */
  public MicrometerEkmListener(MeterRegistry registry) {
    this.registry = registry;
    this.durableBatches = auditTimer("durable");
    this.failedBatches = auditTimer("failed");
    this.auditEvents =
        Counter.builder("ekm.audit.events")
            .description("Audit events made durable")
            .register(registry);
    Gauge.builder("ekm.catalog.revision", revision, AtomicLong::get)
        .description("The revision of the metadata that this node serves")
        .register(registry);
  }

  /** Adds a gauge that is read whenever the metrics are. */
  public void gauge(String name, String description, Supplier<Number> value) {
    Gauge.builder(name, value).description(description).register(registry);
  }

  @Override
  public void onCall(CallCompleted event) {
    calls
        .computeIfAbsent(new CallKey(event.operation(), event.error()), this::callTimer)
        .record(event.nanos(), TimeUnit.NANOSECONDS);
  }

  @Override
  public void onBackendCall(BackendCallCompleted event) {
    backendCalls
        .computeIfAbsent(
            new BackendKey(event.backend(), event.call(), event.outcome()), this::backendTimer)
        .record(event.nanos(), TimeUnit.NANOSECONDS);
  }

  @Override
  public void onBreakerState(String backend, String state) {
    breakers.computeIfAbsent(backend, this::breakerGauge).set("CLOSED".equals(state) ? 0 : 1);
    registry.counter("ekm.backend.breaker.changes", "backend", backend, "state", state).increment();
  }

  @Override
  public void onAuditBatch(AuditBatchCompleted event) {
    Timer timer = event.durable() ? durableBatches : failedBatches;
    timer.record(event.nanos(), TimeUnit.NANOSECONDS);
    if (event.durable()) {
      auditEvents.increment(event.events());
    }
  }

  @Override
  public void onTokenKeys(TokenKeysRefreshed event) {
    tokenKeys.computeIfAbsent(event.issuer(), this::tokenKeyGauge).set(event.keys());
    String outcome = event.succeeded() ? "ok" : "failed";
    registry
        .counter("ekm.token.keys.refreshes", "issuer", event.issuer(), "outcome", outcome)
        .increment();
  }

  @Override
  public void onRevision(long served) {
    revision.set(served);
  }

  @Override
  public void onWarning(String code, String text) {
    registry.counter("ekm.warnings", "code", code).increment();
  }

  private Timer callTimer(CallKey key) {
    return Timer.builder("ekm.calls")
        .description("Calls of OCI from the start of handling to the answer")
        .tags(
            Tags.of(
                "operation", key.operation().map(Operation::name).orElse("NONE"),
                "code", key.error().map(EkmErrorCode::name).orElse("OK")))
        .serviceLevelObjectives(LATENCIES)
        .register(registry);
  }

  private Timer backendTimer(BackendKey key) {
    return Timer.builder("ekm.backend.calls")
        .description("Calls of a backend")
        .tags(Tags.of("backend", key.backend(), "call", key.call(), "outcome", key.outcome()))
        .serviceLevelObjectives(LATENCIES)
        .register(registry);
  }

  private Timer auditTimer(String outcome) {
    return Timer.builder("ekm.audit.batches")
        .description("Batches of audit events written to the sink")
        .tag("outcome", outcome)
        .register(registry);
  }

  private AtomicInteger breakerGauge(String backend) {
    AtomicInteger open = new AtomicInteger();
    Gauge.builder("ekm.backend.breaker.open", open, AtomicInteger::get)
        .description("1 while the circuit breaker keeps calls away from the backend, else 0")
        .tag("backend", backend)
        .register(registry);
    return open;
  }

  private AtomicInteger tokenKeyGauge(String issuer) {
    AtomicInteger keys = new AtomicInteger();
    Gauge.builder("ekm.token.keys", keys, AtomicInteger::get)
        .description("Token keys that the issuer has published")
        .tag("issuer", issuer)
        .register(registry);
    return keys;
  }
}
