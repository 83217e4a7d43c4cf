// SPDX-License-Identifier: Apache-2.0
package org.openekm.server.admin;

import io.undertow.server.HttpServerExchange;
import io.undertow.util.Headers;
import io.undertow.util.HttpString;
import java.nio.ByteBuffer;
import java.util.HashMap;
import java.util.Map;
import org.openekm.api.Bytes;
import tools.jackson.databind.json.JsonMapper;

/**
 * A whole answer of the management API.
 *
 * @param status the HTTP status
 * @param type the content type
 * @param body the body
 * @param headers further headers
 */
record AdminAnswer(int status, String type, Bytes body, Map<String, String> headers) {

  private static final JsonMapper JSON = JsonMapper.shared();

  AdminAnswer {
    headers = Map.copyOf(headers);
  }

  static AdminAnswer json(int status, String type, Object body, Map<String, String> headers) {
    return new AdminAnswer(status, type, Bytes.adopt(JSON.writeValueAsBytes(body)), headers);
  }

  AdminAnswer with(String header, String value) {
    Map<String, String> more = new HashMap<>(headers);
    more.put(header, value);
    return new AdminAnswer(status, type, body, more);
  }

  void send(HttpServerExchange exchange) {
    exchange.setStatusCode(status);
    exchange.getResponseHeaders().put(Headers.CONTENT_TYPE, type);
    exchange.getResponseHeaders().put(Headers.CACHE_CONTROL, "no-store");
    headers.forEach(
        (name, value) -> exchange.getResponseHeaders().put(HttpString.tryFromString(name), value));
    exchange.getResponseSender().send(ByteBuffer.wrap(body.toByteArray()));
  }
}
