// SPDX-License-Identifier: Apache-2.0
package org.openekm.server.http;

import io.undertow.server.HttpServerExchange;
import io.undertow.util.HeaderMap;
import io.undertow.util.Headers;
import java.util.Optional;
import java.util.concurrent.RejectedExecutionException;
import org.openekm.core.endpoint.EkmEndpoint;
import org.openekm.core.endpoint.EkmRequest;
import org.openekm.core.endpoint.EkmResponse;

/** Translates a call for the endpoint and its response back. Runs on a worker and blocks there. */
final class EndpointAdapter implements Stage {

  private final EkmEndpoint endpoint;

  EndpointAdapter(EkmEndpoint endpoint) {
    this.endpoint = endpoint;
  }

  @Override
  public void handle(Call call) {
    EkmRequest.Body body = new EkmRequest.Body(call.body());
    EkmResponse response;
    try {
      response = endpoint.handle(request(call, body), call.deadline());
    } finally {
      body.wipe();
    }
    answer(call, response);
  }

  /**
   * Sends from the connection's own I/O thread: from here, the next request of the same connection
   * would make that thread spin until this one has let go of it.
   */
  private static void answer(Call call, EkmResponse response) {
    try {
      call.exchange().getIoThread().execute(() -> send(call, response));
    } catch (RejectedExecutionException e) {
      // The server has stopped without waiting for this call.
      response.wipe();
      call.abandon();
    }
  }

  private static void send(Call call, EkmResponse response) {
    try {
      call.send(response.status(), response.headers(), response.body());
    } finally {
      response.release();
    }
  }

  private static EkmRequest request(Call call, EkmRequest.Body body) {
    HttpServerExchange exchange = call.exchange();
    HeaderMap sent = exchange.getRequestHeaders();
    EkmRequest.Headers headers =
        new EkmRequest.Headers(
            Optional.ofNullable(sent.getFirst(Headers.AUTHORIZATION)),
            Optional.ofNullable(sent.getFirst(Headers.CONTENT_TYPE)),
            Optional.of(call.requestId()));
    return new EkmRequest(
        exchange.getRequestMethod().toString(),
        call.path(),
        exchange.getQueryString(),
        headers,
        body,
        Optional.of(exchange.getSourceAddress().getAddress()));
  }
}
