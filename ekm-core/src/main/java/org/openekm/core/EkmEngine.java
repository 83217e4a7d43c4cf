// SPDX-License-Identifier: Apache-2.0
package org.openekm.core;

import static java.util.Objects.requireNonNull;

import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;
import org.openekm.api.Deadline;
import org.openekm.api.EkmException;
import org.openekm.api.ExternalKeyService;
import org.openekm.api.NanoClock;
import org.openekm.core.admin.AdminEnvironment;
import org.openekm.core.admin.AdminMemory;
import org.openekm.core.admin.AdminServices;
import org.openekm.core.audit.AuditLog;
import org.openekm.core.auth.JwtTokenVerifier;
import org.openekm.core.backend.BackendRegistry;
import org.openekm.core.backend.BackendRuntime;
import org.openekm.core.backend.CanaryCheck;
import org.openekm.core.backend.ResilientKeyBackend;
import org.openekm.core.catalog.AnswerGate;
import org.openekm.core.catalog.ChangeBarrier;
import org.openekm.core.catalog.FirstUses;
import org.openekm.core.catalog.KeyCatalog;
import org.openekm.core.catalog.KeyUsageCounter;
import org.openekm.core.catalog.NodeLink;
import org.openekm.core.endpoint.EkmEndpoint;
import org.openekm.core.internal.call.CallEnvironment;
import org.openekm.core.internal.call.CallKernel;
import org.openekm.core.internal.call.EngineService;
import org.openekm.core.internal.call.HttpCalls;
import org.openekm.core.wire.ErrorMapper;
import org.openekm.core.wire.WireCodec;
import org.openekm.core.wire.WireRoutes;
import org.openekm.spi.CheckResult;
import org.openekm.spi.audit.AuditEvent;
import org.openekm.spi.backend.KeyBackend;
import org.openekm.spi.store.MetadataStore;
import org.openekm.spi.store.NodeId;
import org.openekm.spi.store.NodeRegistry;
import org.openekm.spi.store.StoreException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The key manager without any HTTP server: what an embedder starts with.
 *
 * <p>Thread-safe. {@link #endpoint()} answers OCI's calls over whatever HTTP server the embedder
 * has; {@link #service()} serves callers inside the process; {@link #admin()} holds the use cases
 * of an administrator.
 */
public final class EkmEngine implements AutoCloseable {

  private static final Logger LOG = LoggerFactory.getLogger(EkmEngine.class);
  private static final Duration ADMIN_AUDIT_TIMEOUT = Duration.ofSeconds(5);
  // Longer than any deadline of a request that makes sense; only a request that hangs can hold a
  // change up this long.
  private static final Duration BARRIER_LIMIT = Duration.ofSeconds(10);
  private static final Duration CHECK_TIMEOUT = Duration.ofSeconds(1);
  private static final Duration HOUSEKEEPING_INTERVAL = Duration.ofSeconds(30);
  private static final Duration DEAD_MAN_INTERVAL = Duration.ofSeconds(1);
  private static final Duration LINK_INTERVAL = Duration.ofSeconds(1);
  private static final Duration CANARY_STEP = Duration.ofSeconds(1);

  private final EngineThreads threads;
  private final NanoClock nanoClock;
  private final MetadataStore store;
  private final KeyCatalog catalog;
  private final Optional<NodeLink> nodes;
  private final AuditLog audit;
  private final BackendRegistry backends;
  private final @Nullable JwtTokenVerifier ownVerifier;
  private final AdminServices admin;
  private final EngineService service;
  private final EkmEndpoint endpoint;
  private final java.time.InstantSource clock;
  private final List<ScheduledFuture<?>> repeated = new ArrayList<>();
  private final AtomicBoolean closed = new AtomicBoolean();

  EkmEngine(EkmEngineBuilder parts) {
    EngineConfig config = parts.effectiveConfig();
    clock = parts.clock;
    nanoClock = parts.nanoClock;
    store = requireNonNull(parts.store);
    threads = new EngineThreads(parts.executor, parts.scheduler);
    audit =
        new AuditLog(
            requireNonNull(parts.auditSink),
            config.audit(),
            threads.executor(),
            nanoClock,
            parts.listener);
    backends = guarded(parts, threads);
    AnswerGate gate = new AnswerGate(nanoClock);
    nodes = store.nodes().map(registry -> node(registry, parts, gate));
    catalog =
        new KeyCatalog(
            store,
            parts.policyEngine,
            config.stalenessBound(),
            parts.listener,
            new KeyCatalog.Environment(nanoClock, threads.executor(), nodes));
    ownVerifier = parts.tokenVerifier == null ? verifier(parts, config, threads) : null;
    KeyUsageCounter usage = new KeyUsageCounter(store, parts.listener, threads.executor());
    FirstUses firstUses = new FirstUses();
    CallKernel kernel =
        new CallKernel(
            new CallKernel.Parts(catalog, gate, usage, backends, audit, firstUses),
            new CallEnvironment(clock, nanoClock, parts.random, parts.listener),
            parts.wireProfile.sealsRandomBytes());
    service = new EngineService(kernel);
    endpoint =
        new HttpCalls(
            kernel,
            parts.tokenVerifier == null ? requireNonNull(ownVerifier) : parts.tokenVerifier,
            new WireRoutes(parts.wireProfile),
            new WireCodec(parts.wireProfile, config.limits()),
            new ErrorMapper(parts.wireProfile));
    admin =
        AdminServices.of(
            new AdminEnvironment(
                catalog,
                new ChangeBarrier(catalog, gate, nanoClock, BARRIER_LIMIT, threads.executor()),
                audit,
                backends,
                new AdminMemory(firstUses, parts.listener, clock, nanoClock, parts.random),
                parts.approvals,
                parts.policyEngine,
                parts.listener,
                clock,
                nanoClock,
                parts.random,
                Optional.empty()));
    start(config.pollInterval());
    repeatCanary(canary(usage, parts), parts.canaryInterval);
  }

  private CanaryCheck canary(KeyUsageCounter usage, EkmEngineBuilder parts) {
    return new CanaryCheck(
        backends,
        new VersionsInUse(catalog::latest),
        usage::countEncryption,
        parts.listener,
        parts.nanoClock);
  }

  /** A share of the versions each second rather than all at once. */
  private void repeatCanary(CanaryCheck canary, Duration interval) {
    if (interval.isZero()) {
      return;
    }
    Duration step = interval.compareTo(CANARY_STEP) < 0 ? interval : CANARY_STEP;
    double share = (double) step.toNanos() / interval.toNanos();
    repeat(threads.scheduler(), step, () -> canary.tryNext(share));
  }

  /** Begins an engine. */
  public static EkmEngineBuilder builder() {
    return new EkmEngineBuilder();
  }

  private static BackendRegistry guarded(EkmEngineBuilder parts, EngineThreads threads) {
    BackendRuntime runtime =
        new BackendRuntime(threads.executor(), parts.nanoClock, parts.listener);
    Map<String, KeyBackend> guarded = new LinkedHashMap<>();
    parts.backends.forEach(
        (name, entry) ->
            guarded.put(
                name, new ResilientKeyBackend(name, entry.backend(), entry.resilience(), runtime)));
    return new BackendRegistry(guarded);
  }

  private NodeLink node(NodeRegistry registry, EkmEngineBuilder parts, AnswerGate gate) {
    return new NodeLink(
        registry,
        new NodeId(new UUID(parts.random.nextLong(), parts.random.nextLong())),
        parts.nodeName,
        new NodeLink.Parts(gate, BARRIER_LIMIT, threads.executor(), parts.listener));
  }

  private static JwtTokenVerifier verifier(
      EkmEngineBuilder parts, EngineConfig config, EngineThreads threads) {
    var builder =
        JwtTokenVerifier.builder()
            .config(config.tokens())
            .clock(parts.clock)
            .nanoClock(parts.nanoClock)
            .listener(parts.listener)
            .executor(threads.executor())
            .scheduler(threads.scheduler())
            .secrets(parts.secrets);
    if (parts.identityDomainTls != null) {
      builder.tls(parts.identityDomainTls);
    }
    return builder.build();
  }

  private void start(Duration pollInterval) {
    record(AuditEvent.builder(clock.instant(), "engine.start").actor("server").build());
    if (ownVerifier != null) {
      JwtTokenVerifier verifier = ownVerifier;
      catalog.onChange(snapshot -> verifier.issuers(snapshot.issuers()));
    }
    ScheduledExecutorService timer = threads.scheduler();
    if (!store.isExclusive()) {
      repeat(timer, pollInterval, this::poll);
      catalog.follow();
    }
    repeat(timer, HOUSEKEEPING_INTERVAL, () -> admin.keys().destroyDue());
    repeat(timer, HOUSEKEEPING_INTERVAL, () -> admin.keys().rotateDue());
    repeat(timer, LINK_INTERVAL, () -> admin.keys().linkUsed());
    repeat(timer, DEAD_MAN_INTERVAL, () -> admin.deadMan().blockOverdue());
  }

  /** The timer only hands over: the work itself may block. */
  private void repeat(ScheduledExecutorService timer, Duration interval, Runnable work) {
    AtomicBoolean running = new AtomicBoolean();
    repeated.add(
        timer.scheduleWithFixedDelay(
            () -> handOver(work, running),
            interval.toNanos(),
            interval.toNanos(),
            TimeUnit.NANOSECONDS));
  }

  /** Must not throw: the timer would drop the work for good. */
  private void handOver(Runnable work, AtomicBoolean running) {
    if (running.compareAndSet(false, true)) {
      try {
        threads.executor().execute(() -> runLogged(work, running));
      } catch (RejectedExecutionException e) {
        running.set(false);
        LOG.warn("no thread was free for background work; it will be tried again");
      }
    }
  }

  private void runLogged(Runnable work, AtomicBoolean running) {
    try {
      work.run();
    } catch (RuntimeException e) {
      if (!closed.get()) {
        LOG.warn("background work failed and will be tried again: {}", e.getMessage());
      }
    } finally {
      running.set(false);
    }
  }

  private void poll() {
    try {
      catalog.refresh();
    } catch (StoreException e) {
      LOG.warn("the metadata store can't be asked for news: {}", e.getMessage());
    }
  }

  /** Returns the answers to OCI's calls, for any HTTP server. */
  public EkmEndpoint endpoint() {
    return endpoint;
  }

  /** Returns the operations for callers inside the process, who check tokens themselves. */
  public ExternalKeyService service() {
    return service;
  }

  /** Returns the use cases of an administrator. */
  public AdminServices admin() {
    return admin;
  }

  /** Returns the names of all backends. */
  public Set<String> backendNames() {
    return backends.names();
  }

  /** Returns the catalog's revision that this engine serves now. */
  public long revision() {
    return catalog.latest().revision();
  }

  /**
   * Writes an event of the embedder's own to the audit.
   *
   * @throws EkmException if it could not be made durable
   */
  public void record(AuditEvent event) {
    audit.appendPatiently(event, Deadline.after(ADMIN_AUDIT_TIMEOUT, nanoClock));
  }

  /**
   * Tries every part and says by name whether it can work: {@code audit}, {@code store}, {@code
   * tokens}, each backend.
   */
  public Map<String, CheckResult> checks() {
    Map<String, CheckResult> results = new LinkedHashMap<>();
    results.put("audit", audit.check());
    results.put("store", store.check());
    nodes.ifPresent(link -> results.put("nodes", link.check(catalog.latest().revision())));
    if (ownVerifier != null) {
      results.put("tokens", ownVerifier.check());
    }
    backends
        .check(Deadline.after(CHECK_TIMEOUT, nanoClock))
        .forEach((name, result) -> results.put("backend." + name, result));
    return results;
  }

  /**
   * Ends all work, also on a timer that the embedder gave, writes the end to the audit, and closes
   * backends, store and sink. A part that fails to close is logged and does not keep the others
   * open. Stop the HTTP server first.
   */
  @Override
  public void close() {
    if (!closed.compareAndSet(false, true)) {
      return;
    }
    repeated.forEach(timer -> timer.cancel(false));
    if (ownVerifier != null) {
      ownVerifier.close();
    }
    try {
      record(AuditEvent.builder(clock.instant(), "engine.stop").actor("server").build());
    } catch (EkmException e) {
      LOG.warn("the end could not be written to the audit: {}", e.safeDetail());
    }
    closing("the backends", backends::close);
    closing("the account of nodes", catalog::close);
    closing("the metadata store", store::close);
    closing("the audit", audit::close);
    threads.close();
  }

  /** One part that can't be closed must not leave the others open. */
  private static void closing(String what, Runnable close) {
    try {
      close.run();
    } catch (RuntimeException e) {
      LOG.warn("{} could not be closed in good order", what, e);
    }
  }
}
