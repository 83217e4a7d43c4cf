// SPDX-License-Identifier: Apache-2.0
package org.openekm.server.http;

import io.undertow.server.HttpServerExchange;
import io.undertow.util.HeaderValues;
import io.undertow.util.Headers;

/**
 * Refuses messages whose framing or target leaves room for two readings, beyond what the parser
 * refuses already: they are how requests are smuggled past a proxy.
 */
final class HygieneCheck implements Stage {

  private final Stage next;

  HygieneCheck(Stage next) {
    this.next = next;
  }

  @Override
  public void handle(Call call) {
    if (isClear(call.exchange())) {
      next.handle(call);
    } else {
      call.refuse(Refusal.MALFORMED_HTTP);
    }
  }

  /** Returns true if everybody on the way reads the message as we do. */
  static boolean isClear(HttpServerExchange exchange) {
    return !exchange.isHttp09()
        && !exchange.isHostIncludedInRequestURI()
        && framingIsClear(exchange)
        && exchange.getRequestHeaders().count(Headers.AUTHORIZATION) <= 1;
  }

  /**
   * The parser takes any transfer coding for chunked; only that very one may pass, and only where
   * HTTP knows it.
   */
  private static boolean framingIsClear(HttpServerExchange exchange) {
    HeaderValues codings = exchange.getRequestHeaders().get(Headers.TRANSFER_ENCODING);
    return codings == null
        || (exchange.isHttp11()
            && codings.size() == 1
            && "chunked".equalsIgnoreCase(codings.getFirst())
            && !exchange.getRequestHeaders().contains(Headers.CONTENT_LENGTH));
  }
}
