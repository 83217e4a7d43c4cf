// SPDX-License-Identifier: Apache-2.0
package org.openekm.server.http;

import io.undertow.server.HttpHandler;
import io.undertow.server.HttpServerExchange;
import io.undertow.server.handlers.BlockingHandler;
import io.undertow.util.Headers;
import io.undertow.util.Methods;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;
import org.openekm.spi.CheckResult;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The paths of the admin listener: {@code /health/live}, {@code /health/ready} and {@code /metrics}
 * answer here and to anyone who reaches the listener; everything else is the management API's,
 * which asks for a credential itself.
 */
public final class AdminRoutes implements HttpHandler {

  private static final Logger LOG = LoggerFactory.getLogger(AdminRoutes.class);
  private static final String JSON = "application/json";
  private static final String PROBLEM = "application/problem+json";
  private static final String NOT_ALLOWED =
      "{\"type\":\"urn:openekm:problem:method-not-allowed\",\"title\":\"Method Not Allowed\",\"status\":405,"
          + "\"detail\":\"This path takes GET and HEAD.\"}";

  static final String LIVE = "/health/live";
  private static final Duration CHECK_PATIENCE = Duration.ofSeconds(3);

  private final Readiness readiness;
  private final BooleanSupplier draining;
  private final Supplier<String> metrics;
  private final String metricsType;
  private final HttpHandler blocking;

  /**
   * Makes the routes.
   *
   * @param checks the checks that readiness consists of; may block
   * @param draining true once the server is on its way down
   * @param metrics the text of the metrics; empty for none
   * @param metricsType the content type of the metrics
   * @param management takes every other request, on a worker thread, in blocking mode
   */
  public AdminRoutes(
      Supplier<Map<String, CheckResult>> checks,
      BooleanSupplier draining,
      Supplier<String> metrics,
      String metricsType,
      HttpHandler management) {
    this.readiness = new Readiness(checks, CHECK_PATIENCE);
    this.draining = draining;
    this.metrics = metrics;
    this.metricsType = metricsType;
    this.blocking = new BlockingHandler(exchange -> guarded(exchange, management));
  }

  @Override
  public void handleRequest(HttpServerExchange exchange) throws Exception {
    if (exchange.getRequestPath().equals(LIVE)) {
      // Needs no worker: it must be answered even while all of them are busy.
      read(exchange, () -> send(exchange, 200, JSON, "{\"status\":\"live\"}"));
    } else {
      blocking.handleRequest(exchange);
    }
  }

  private void guarded(HttpServerExchange exchange, HttpHandler management) {
    try {
      route(exchange, management);
    } catch (Exception | Error e) {
      LOG.error("the request of the admin listener failed in a way that nobody foresaw", e);
      if (exchange.isResponseStarted()) {
        exchange.endExchange();
      } else {
        send(exchange, 500, PROBLEM, Refusal.INTERNAL.problem());
      }
    }
  }

  private void route(HttpServerExchange exchange, HttpHandler management) throws Exception {
    switch (exchange.getRequestPath()) {
      case "/health/ready" -> read(exchange, () -> ready(exchange));
      case "/metrics" -> read(exchange, () -> metrics(exchange));
      default -> management.handleRequest(exchange);
    }
  }

  private static void read(HttpServerExchange exchange, Runnable answer) {
    if (exchange.getRequestMethod().equals(Methods.GET)
        || exchange.getRequestMethod().equals(Methods.HEAD)) {
      answer.run();
    } else {
      exchange.getResponseHeaders().put(Headers.ALLOW, "GET, HEAD");
      send(exchange, 405, PROBLEM, NOT_ALLOWED);
    }
  }

  /** Names and verdicts only: whoever may know why asks the management API. */
  private void ready(HttpServerExchange exchange) {
    Optional<Map<String, CheckResult>> made = readiness.results();
    Map<String, CheckResult> results = new TreeMap<>(made.orElse(Map.of()));
    boolean ready = made.isPresent() && !draining.getAsBoolean();
    StringBuilder json = new StringBuilder();
    for (Map.Entry<String, CheckResult> each : results.entrySet()) {
      boolean healthy = each.getValue().healthy();
      ready &= healthy;
      json.append(json.isEmpty() ? "" : ",")
          .append('"')
          .append(each.getKey().replaceAll("[^A-Za-z0-9._:-]", "_"))
          .append("\":\"")
          .append(healthy ? "ok" : "failed")
          .append('"');
    }
    String status = draining.getAsBoolean() ? "draining" : ready ? "ready" : "not ready";
    send(
        exchange,
        ready ? 200 : 503,
        JSON,
        "{\"status\":\"" + status + "\",\"checks\":{" + json + "}}");
  }

  private void metrics(HttpServerExchange exchange) {
    String text = metrics.get();
    if (text.isEmpty()) {
      send(exchange, 404, PROBLEM, Refusal.NOT_FOUND.problem());
    } else {
      send(exchange, 200, metricsType, text);
    }
  }

  private static void send(HttpServerExchange exchange, int status, String type, String text) {
    exchange.setStatusCode(status);
    exchange.getResponseHeaders().put(Headers.CONTENT_TYPE, type);
    exchange.getResponseHeaders().put(Headers.CACHE_CONTROL, "no-store");
    exchange.getResponseSender().send(text, StandardCharsets.UTF_8);
  }
}
