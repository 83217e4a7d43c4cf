// SPDX-License-Identifier: Apache-2.0
package org.openekm.server.http;

import io.undertow.server.HttpServerExchange;
import io.undertow.util.HttpString;
import java.util.HexFormat;
import java.util.concurrent.ThreadLocalRandom;
import org.openekm.api.RequestId;

/** Finds a request's id or makes one. */
final class RequestIds {

  static final HttpString HEADER = new HttpString("opc-request-id");

  private RequestIds() {}

  /**
   * Returns the caller's id verbatim if it is a valid one, else a new one of 32 hexadecimal digits.
   */
  static String of(HttpServerExchange exchange) {
    String sent = exchange.getRequestHeaders().getFirst(HEADER);
    return sent != null && RequestId.isValid(sent) ? sent : generate();
  }

  /** Ids only need to be distinct, not secret, so the fast generator does. */
  private static String generate() {
    ThreadLocalRandom random = ThreadLocalRandom.current();
    HexFormat hex = HexFormat.of();
    return hex.toHexDigits(random.nextLong()) + hex.toHexDigits(random.nextLong());
  }
}
