// SPDX-License-Identifier: Apache-2.0
package org.openekm.server;

import static java.util.Objects.requireNonNull;

import io.undertow.server.HttpHandler;
import java.net.URI;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.openekm.api.NanoClock;
import org.openekm.core.EkmEngine;
import org.openekm.core.endpoint.EkmEndpoint;
import org.openekm.server.http.EndpointConfig;
import org.openekm.server.http.ListenerConfig;
import org.openekm.server.metrics.ServerMetrics;
import org.openekm.spi.CheckResult;
import org.openekm.spi.SecretResolver;
import org.openekm.spi.SecretUnavailableException;
import org.openekm.spi.event.EkmListener;

/**
 * Collects what a server is made of. Needed are the endpoint and its listener. Not thread-safe;
 * used once.
 */
public final class EkmServerBuilder {

  private @Nullable EkmEndpoint endpoint;
  private @Nullable EndpointConfig endpointConfig;
  private @Nullable ListenerConfig adminConfig;
  private @Nullable ServerMetrics metrics;
  private HttpHandler adminHandler =
      exchange -> {
        exchange.setStatusCode(404);
        exchange.endExchange();
      };
  private Supplier<Map<String, CheckResult>> checks = Map::of;
  private EkmListener listener = new EkmListener() {};
  private SecretResolver secrets =
      reference -> {
        throw new SecretUnavailableException(reference, "can't be read: no resolver is set", null);
      };
  private InstantSource clock = InstantSource.system();
  private NanoClock nanoClock = NanoClock.system();
  private Duration shutdownTimeout = Duration.ofSeconds(10);
  private Runnable onStop = () -> {};

  EkmServerBuilder() {}

  /** Sets what answers OCI's requests. */
  public EkmServerBuilder endpoint(EkmEndpoint value) {
    this.endpoint = requireNonNull(value);
    return this;
  }

  /**
   * Sets the engine: its endpoint answers OCI, its checks make readiness, and it is closed once the
   * server has stopped.
   */
  public EkmServerBuilder engine(EkmEngine value) {
    return endpoint(value.endpoint()).checks(value::checks).onStop(value::close);
  }

  /** Sets the listener that OCI calls. */
  public EkmServerBuilder listenOn(EndpointConfig value) {
    this.endpointConfig = requireNonNull(value);
    return this;
  }

  /** Adds a listener for health, metrics and management. Without it there is none. */
  public EkmServerBuilder administerOn(ListenerConfig value) {
    this.adminConfig = requireNonNull(value);
    return this;
  }

  /**
   * Sets what answers management requests; called on a worker thread, in blocking mode. Default:
   * 404 to all.
   */
  public EkmServerBuilder adminHandler(HttpHandler value) {
    this.adminHandler = requireNonNull(value);
    return this;
  }

  /** Sets the checks that readiness consists of, by name; they may block. Default: none. */
  public EkmServerBuilder checks(Supplier<Map<String, CheckResult>> value) {
    this.checks = requireNonNull(value);
    return this;
  }

  /** Sets the meters to show under {@code /metrics}. Default: none. */
  public EkmServerBuilder metrics(ServerMetrics value) {
    this.metrics = requireNonNull(value);
    return this;
  }

  /** Sets who hears of requests that the server refuses itself, and of warnings. */
  public EkmServerBuilder listener(EkmListener value) {
    this.listener = requireNonNull(value);
    return this;
  }

  /** Sets what reads the passwords of TLS keys. Default: nothing can be read. */
  public EkmServerBuilder secrets(SecretResolver value) {
    this.secrets = requireNonNull(value);
    return this;
  }

  /** Sets the wall clock, for the validity of certificates. Default: the system's. */
  public EkmServerBuilder clock(InstantSource value) {
    this.clock = requireNonNull(value);
    return this;
  }

  /** Sets the monotonic clock, for deadlines. Default: the system's. */
  public EkmServerBuilder nanoClock(NanoClock value) {
    this.nanoClock = requireNonNull(value);
    return this;
  }

  /** Sets how long {@link EkmServer#close()} lets running requests end. Default: 10 s. */
  public EkmServerBuilder shutdownTimeout(Duration value) {
    this.shutdownTimeout = requireNonNull(value);
    return this;
  }

  /** Sets what runs once no request runs any more, such as closing the engine. */
  public EkmServerBuilder onStop(Runnable value) {
    this.onStop = requireNonNull(value);
    return this;
  }

  /**
   * Builds a server that is not yet started. Reads TLS files.
   *
   * @throws IllegalStateException if the endpoint or its listener is missing
   * @throws org.openekm.server.http.TlsException if key and certificate can't be used
   */
  public EkmServer build() {
    if (endpoint == null || endpointConfig == null) {
      throw new IllegalStateException("a server needs engine(…) or endpoint(…), and listenOn(…)");
    }
    return new EkmServer(this);
  }

  EkmEndpoint endpoint() {
    return requireNonNull(endpoint);
  }

  EndpointConfig endpointConfig() {
    return requireNonNull(endpointConfig);
  }

  Optional<ListenerConfig> adminConfig() {
    return Optional.ofNullable(adminConfig);
  }

  Optional<ServerMetrics> metrics() {
    return Optional.ofNullable(metrics);
  }

  HttpHandler adminHandler() {
    return adminHandler;
  }

  Supplier<Map<String, CheckResult>> checks() {
    return checks;
  }

  EkmListener listener() {
    return listener;
  }

  SecretResolver secrets() {
    return secrets;
  }

  InstantSource clock() {
    return clock;
  }

  NanoClock nanoClock() {
    return nanoClock;
  }

  Duration shutdownTimeout() {
    return shutdownTimeout;
  }

  Runnable onStop() {
    return onStop;
  }

  /** The host of the public URL, which the certificate should name. */
  List<String> publicNames() {
    return endpointConfig()
        .url()
        .map(url -> URI.create(url).getHost())
        .map(host -> List.of(host.replaceAll("[\\[\\]]", "")))
        .orElse(List.of());
  }
}
