// SPDX-License-Identifier: Apache-2.0
package org.openekm.server;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.openekm.server.http.AdminGate;
import org.openekm.server.http.AdminRoutes;
import org.openekm.server.http.EndpointHandler;
import org.openekm.server.http.HttpListener;
import org.openekm.server.http.ListenerConfig;
import org.openekm.server.http.TlsConfig;
import org.openekm.server.http.TlsContext;
import org.openekm.server.metrics.ServerMetrics;
import org.openekm.spi.CheckResult;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The HTTP server in front of an endpoint: one listener for OCI and, if wanted, one for management,
 * health and metrics.
 *
 * <p>Thread-safe. A server that has been stopped can't be started again.
 */
public final class EkmServer implements AutoCloseable {

  private static final Logger LOG = LoggerFactory.getLogger(EkmServer.class);
  private static final long DRAIN_POLL_NANOS = TimeUnit.MILLISECONDS.toNanos(5);

  private enum State {
    NEW,
    RUNNING,
    STOPPED
  }

  private final EkmServerBuilder parts;
  private final EndpointHandler endpointHandler;
  private final HttpListener endpointListener;
  private final Optional<HttpListener> adminListener;
  private @Nullable AdminGate adminGate;
  private final List<TlsContext> tlsContexts = new ArrayList<>();
  private final ScheduledExecutorService timer;
  private State state = State.NEW;
  private @Nullable ScheduledFuture<?> tlsWatch;
  private volatile boolean draining;

  EkmServer(EkmServerBuilder parts) {
    this.parts = parts;
    this.endpointHandler =
        new EndpointHandler(
            parts.endpoint(), parts.endpointConfig(), parts.nanoClock(), parts.listener());
    ListenerConfig endpoint = parts.endpointConfig().listener();
    this.endpointListener =
        new HttpListener(
            "endpoint",
            endpoint,
            tls(endpoint, parts.publicNames()),
            endpointHandler,
            endpointHandler.maxBody());
    this.adminListener = parts.adminConfig().map(this::adminListener);
    this.timer =
        Executors.newSingleThreadScheduledExecutor(
            task -> {
              Thread thread = new Thread(task, "ekm-server-timer");
              thread.setDaemon(true);
              return thread;
            });
    parts.metrics().ifPresent(this::addGauges);
  }

  /** Returns a builder. */
  public static EkmServerBuilder builder() {
    return new EkmServerBuilder();
  }

  /**
   * Binds the listeners and begins to answer.
   *
   * @throws java.io.UncheckedIOException if an address can't be bound; nothing is left open then
   */
  public synchronized void start() {
    if (state != State.NEW) {
      throw new IllegalStateException("this server has been started before; build a new one");
    }
    state = State.RUNNING;
    try {
      adminListener.ifPresent(HttpListener::start);
      endpointListener.start();
    } catch (RuntimeException e) {
      stop(Duration.ZERO);
      throw e;
    }
    watchTls();
    LOG.info("answering OCI on port {}", endpointListener.port());
    adminPort().ifPresent(port -> LOG.info("answering management and health on port {}", port));
  }

  /** Returns the port on which OCI is answered. */
  public int port() {
    return endpointListener.port();
  }

  /** Returns the port of management, health and metrics. */
  public OptionalInt adminPort() {
    return adminListener.map(admin -> OptionalInt.of(admin.port())).orElse(OptionalInt.empty());
  }

  /** Returns how many requests of OCI are not answered yet. */
  public int runningRequests() {
    return endpointHandler.running();
  }

  /** Returns how many requests of OCI wait for a worker. */
  public int waitingRequests() {
    return endpointHandler.waiting();
  }

  /** Returns how many connections the endpoint has open. */
  public int openConnections() {
    return endpointListener.openConnections();
  }

  /**
   * Reads changed TLS files of all listeners at once, without waiting for the next look. Open
   * connections stay.
   */
  public List<TlsContext.Reload> reloadTls() {
    return tlsContexts.stream().map(TlsContext::reload).toList();
  }

  /** Stops within the configured time. */
  @Override
  public void close() {
    stop(parts.shutdownTimeout());
  }

  /**
   * Stops: accepts no more connections, lets running requests end, closes everything. May be called
   * repeatedly.
   *
   * @param patience how long running requests may take
   */
  public synchronized void stop(Duration patience) {
    if (state == State.STOPPED) {
      return;
    }
    state = State.STOPPED;
    draining = true;
    endpointHandler.drain();
    endpointListener.stopAccepting();
    awaitIdle(patience);
    endpointListener.close();
    endpointHandler.close();
    adminListener.ifPresent(HttpListener::close);
    if (adminGate != null) {
      adminGate.close();
    }
    if (tlsWatch != null) {
      tlsWatch.cancel(false);
    }
    timer.shutdownNow();
    parts.onStop().run();
    LOG.info("stopped");
  }

  private void awaitIdle(Duration patience) {
    long until = System.nanoTime() + patience.toNanos();
    while (endpointHandler.running() > 0 && System.nanoTime() - until < 0) {
      LockSupport.parkNanos(DRAIN_POLL_NANOS);
    }
    int left = endpointHandler.running();
    if (left > 0) {
      LOG.warn("{} requests had not ended in time and are cut off", left);
    }
  }

  private HttpListener adminListener(ListenerConfig config) {
    AdminRoutes routes =
        new AdminRoutes(
            this::checks,
            () -> draining,
            () -> parts.metrics().map(ServerMetrics::scrape).orElse(""),
            ServerMetrics.CONTENT_TYPE,
            parts.adminHandler());
    boolean local = config.tls().isEmpty() && isLoopback(config.host());
    AdminGate gate = new AdminGate(routes, config.limits().work(), local, parts.nanoClock());
    adminGate = gate;
    return new HttpListener(
        "admin", config, tls(config, List.of()), gate, config.limits().request().bodyBytes());
  }

  /** The checks of the parts, and whether callers can still accept our certificates. */
  private Map<String, CheckResult> checks() {
    Map<String, CheckResult> results = new LinkedHashMap<>(parts.checks().get());
    for (int i = 0; i < tlsContexts.size(); i++) {
      results.put(i == 0 ? "tls" : "tls." + i, tlsContexts.get(i).check());
    }
    return results;
  }

  private static boolean isLoopback(String host) {
    InetAddress address = new InetSocketAddress(host, 0).getAddress();
    return address != null && address.isLoopbackAddress();
  }

  private Optional<TlsContext> tls(ListenerConfig config, List<String> names) {
    Optional<TlsContext> made =
        config
            .tls()
            .map(
                files ->
                    new TlsContext(files, names, parts.secrets(), parts.clock(), parts.listener()));
    made.ifPresent(tlsContexts::add);
    return made;
  }

  /** Looks at the files of all listeners as often as the most impatient of them wants. */
  private void watchTls() {
    Stream.concat(Stream.of(parts.endpointConfig().listener()), parts.adminConfig().stream())
        .flatMap(listener -> listener.tls().stream())
        .map(TlsConfig::reloadInterval)
        .min(Comparator.naturalOrder())
        .ifPresent(
            interval ->
                tlsWatch =
                    timer.scheduleWithFixedDelay(
                        this::lookAtTls,
                        interval.toNanos(),
                        interval.toNanos(),
                        TimeUnit.NANOSECONDS));
  }

  /** Must not throw, or the timer would never look again. */
  private void lookAtTls() {
    try {
      reloadTls();
    } catch (RuntimeException e) {
      LOG.warn("the TLS files could not be looked at; the old key and certificate stay", e);
    }
  }

  private void addGauges(ServerMetrics metrics) {
    metrics
        .listener()
        .gauge(
            "ekm.http.connections",
            "Open connections of the endpoint",
            endpointListener::openConnections);
    metrics
        .listener()
        .gauge(
            "ekm.http.connections.refused",
            "Connections closed at once because a limit was reached",
            endpointListener::refusedConnections);
    metrics
        .listener()
        .gauge("ekm.http.running", "Requests that are not answered yet", endpointHandler::running);
    metrics
        .listener()
        .gauge("ekm.http.waiting", "Requests that wait for a worker", endpointHandler::waiting);
  }
}
