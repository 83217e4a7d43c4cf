// SPDX-License-Identifier: Apache-2.0
package org.openekm.server.http;

import io.undertow.server.HttpServerExchange;
import io.undertow.server.handlers.HttpContinueReadHandler;
import io.undertow.util.Headers;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Reads the body on the I/O thread, without blocking, before a worker is asked for: a caller that
 * dawdles costs a buffer, never a thread.
 */
final class BodyReader implements Stage {

  private static final Logger LOG = LoggerFactory.getLogger(BodyReader.class);

  private final Stage next;
  private final int maxBytes;

  BodyReader(Stage next, int maxBytes) {
    this.next = next;
    this.maxBytes = maxBytes;
  }

  @Override
  public void handle(Call call) {
    HttpServerExchange exchange = call.exchange();
    if (exchange.isRequestComplete()) {
      next.handle(call);
    } else if (exchange.getRequestHeaders().contains(Headers.EXPECT)) {
      invite(call);
    } else {
      new BodyRead(call, next, maxBytes).start();
    }
  }

  /** Makes Undertow send "100 Continue" at the first read. */
  private void invite(Call call) {
    try {
      new HttpContinueReadHandler(ready -> new BodyRead(call, next, maxBytes).start())
          .handleRequest(call.exchange());
    } catch (Exception e) {
      LOG.warn("request {}: the body could not be invited", call.requestId(), e);
      call.abandon();
    }
  }
}
