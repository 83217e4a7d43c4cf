// SPDX-License-Identifier: Apache-2.0
package org.openekm.server.http;

import io.undertow.server.Connectors;
import io.undertow.server.HttpHandler;
import io.undertow.server.HttpServerExchange;
import io.undertow.util.Headers;
import java.nio.charset.StandardCharsets;
import java.util.regex.Pattern;
import org.openekm.api.NanoClock;

/**
 * Stands before everything on the admin listener: unclear messages, names that may be an attacker's
 * and requests beyond the limits are refused; the rest goes to workers of its own. Thread-safe.
 */
public final class AdminGate implements HttpHandler, AutoCloseable {

  /** Host headers that no name server has a say in, with or without a port. */
  private static final Pattern UNFORGEABLE =
      Pattern.compile("(?i)(localhost|[0-9.]+|\\[[0-9a-f:.]+])(:[0-9]{1,5})?");

  private static final int RETRY_SECONDS = 1;

  private final HttpHandler next;
  private final boolean local;
  private final WorkQueue queue;
  private final long maxWaitNanos;
  private final RateLimit rate;
  private final NanoClock clock;

  /**
   * Makes the gate.
   *
   * @param next takes what passes; called on a worker, or on the I/O thread for the sign of life
   * @param limits how much work may run and wait
   * @param local true if the listener is for this machine only, without TLS: then a name in the
   *     header Host can only come from a web page whose own name was made to point here
   * @param clock for the pace and the wait
   */
  public AdminGate(HttpHandler next, HttpLimits.Work limits, boolean local, NanoClock clock) {
    this.next = next;
    this.local = local;
    this.clock = clock;
    this.queue = new WorkQueue("ekm-admin-worker", limits.threads(), limits.queue());
    this.maxWaitNanos = limits.queueWait().toNanos();
    this.rate = new RateLimit(call -> {}, limits.requestsPerSecond(), clock);
  }

  @Override
  public void handleRequest(HttpServerExchange exchange) throws Exception {
    if (exchange.getRequestHeaders().contains(Headers.TRANSFER_ENCODING)) {
      // The parser of chunks forgives much: nothing that follows them is believed.
      exchange.setPersistent(false);
    }
    if (!HygieneCheck.isClear(exchange)) {
      refuse(exchange, Refusal.MALFORMED_HTTP);
    } else if (local && !isOurs(exchange)) {
      refuse(exchange, Refusal.MISDIRECTED);
    } else if (exchange.getRequestPath().equals(AdminRoutes.LIVE)) {
      next.handleRequest(exchange);
    } else if (!rate.permits(exchange.getSourceAddress().getAddress())) {
      refuse(exchange, Refusal.RATE_LIMITED);
    } else {
      exchange.dispatch(queue, new Work(exchange, clock.nanos()));
    }
  }

  /** Stops the workers. */
  @Override
  public void close() {
    queue.close();
  }

  private static boolean isOurs(HttpServerExchange exchange) {
    String host = exchange.getRequestHeaders().getFirst(Headers.HOST);
    return host != null && UNFORGEABLE.matcher(host).matches();
  }

  private static void refuse(HttpServerExchange exchange, Refusal refusal) {
    exchange.setPersistent(false);
    exchange.setStatusCode(refusal.status());
    exchange.getResponseHeaders().put(Headers.CONTENT_TYPE, "application/problem+json");
    exchange.getResponseHeaders().put(Headers.CACHE_CONTROL, "no-store");
    if (refusal.passes()) {
      exchange.getResponseHeaders().put(Headers.RETRY_AFTER, RETRY_SECONDS);
    }
    exchange.getResponseSender().send(refusal.problem(), StandardCharsets.UTF_8);
  }

  private final class Work implements WorkQueue.Refusable {

    private final HttpServerExchange exchange;
    private final long queuedAt;

    Work(HttpServerExchange exchange, long queuedAt) {
      this.exchange = exchange;
      this.queuedAt = queuedAt;
    }

    @Override
    public void run() {
      if (clock.nanos() - queuedAt > maxWaitNanos) {
        turnAway();
      } else {
        Connectors.executeRootHandler(next, exchange);
      }
    }

    @Override
    public void turnAway() {
      refuse(exchange, Refusal.TOO_BUSY);
    }
  }
}
