// SPDX-License-Identifier: Apache-2.0
package org.openekm.docs.samples;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpHandler;
import java.io.IOException;
import java.time.Duration;
import java.util.Optional;
import org.openekm.api.Deadline;
import org.openekm.api.NanoClock;
import org.openekm.core.endpoint.EkmEndpoint;
import org.openekm.core.endpoint.EkmRequest;
import org.openekm.core.endpoint.EkmResponse;

// snippet: mount
/** The endpoint below a path of the JDK's own HTTP server. */
final class JdkHttpMount implements HttpHandler {

  private static final int LARGEST_BODY = 256 * 1024;
  private static final Duration BUDGET = Duration.ofMillis(700);

  private final String path;
  private final EkmEndpoint endpoint;

  JdkHttpMount(String path, EkmEndpoint endpoint) {
    this.path = path;
    this.endpoint = endpoint;
  }

  @Override
  public void handle(HttpExchange exchange) throws IOException {
    Deadline deadline = Deadline.after(BUDGET, NanoClock.system());
    try (exchange) {
      EkmResponse response = endpoint.handle(request(exchange), deadline);
      try {
        response.headers().forEach(exchange.getResponseHeaders()::set);
        exchange.sendResponseHeaders(response.status(), response.body().length);
        exchange.getResponseBody().write(response.body());
      } finally {
        response.wipe();
      }
    }
  }

  private EkmRequest request(HttpExchange exchange) throws IOException {
    var uri = exchange.getRequestURI();
    // One byte more than allowed is enough for the endpoint to answer 413.
    byte[] body = exchange.getRequestBody().readNBytes(LARGEST_BODY + 1);
    return new EkmRequest(
        exchange.getRequestMethod(),
        uri.getRawPath().substring(path.length()),
        Optional.ofNullable(uri.getRawQuery()).orElse(""),
        new EkmRequest.Headers(
            header(exchange, "Authorization"),
            header(exchange, "Content-Type"),
            header(exchange, "opc-request-id")),
        new EkmRequest.Body(body),
        Optional.of(exchange.getRemoteAddress().getAddress()));
  }

  private static Optional<String> header(HttpExchange exchange, String name) {
    return Optional.ofNullable(exchange.getRequestHeaders().getFirst(name));
  }
}
// end snippet
