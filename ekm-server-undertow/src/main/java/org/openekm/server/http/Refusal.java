// SPDX-License-Identifier: Apache-2.0
package org.openekm.server.http;

import java.nio.charset.StandardCharsets;
import java.util.Locale;
import org.openekm.api.EkmErrorCode;

/**
 * The answers that the server gives itself, before the endpoint sees the request. They tell nothing
 * about the server.
 */
enum Refusal {
  MALFORMED_HTTP(
      400, EkmErrorCode.MALFORMED_REQUEST, "Bad Request: the HTTP message is not valid."),
  NOT_FOUND(404, EkmErrorCode.ROUTE_NOT_FOUND, "Not Found."),
  BODY_TOO_SLOW(
      408, EkmErrorCode.DEADLINE_EXCEEDED, "Request Timeout: the body did not arrive in time."),
  BODY_TOO_LARGE(413, EkmErrorCode.TOO_LARGE, "Content Too Large: the body is over the limit."),
  ENCODED_BODY(
      415,
      EkmErrorCode.UNSUPPORTED_MEDIA_TYPE,
      "Unsupported Media Type: the body must not be compressed or otherwise encoded."),
  UNKNOWN_EXPECTATION(
      417, EkmErrorCode.MALFORMED_REQUEST, "Expectation Failed: only 100-continue is known."),
  MISDIRECTED(
      421, EkmErrorCode.MALFORMED_REQUEST, "Misdirected Request: call this server by its address."),
  RATE_LIMITED(429, EkmErrorCode.RATE_LIMITED, "Too Many Requests: slow down and try again."),
  INTERNAL(500, EkmErrorCode.INTERNAL, "Internal Server Error."),
  TOO_BUSY(503, EkmErrorCode.TOO_BUSY, "Service Unavailable: too busy, try again.");

  private static final String PROBLEM_TYPES = "urn:openekm:problem:";

  private final int status;
  private final EkmErrorCode code;
  private final String message;
  private final String json;

  Refusal(int status, EkmErrorCode code, String message) {
    this.status = status;
    this.code = code;
    this.message = message;
    this.json = "{\"code\":\"" + status + "\",\"message\":\"" + message + "\"}";
  }

  int status() {
    return status;
  }

  /** The nearest code of the core, for the listener. */
  EkmErrorCode code() {
    return code;
  }

  /** The body as JSON text. */
  String json() {
    return json;
  }

  /** The body in the form of the admin listener, {@code application/problem+json}. */
  String problem() {
    int end = message.indexOf(message.contains(":") ? ':' : '.');
    return "{\"type\":\""
        + PROBLEM_TYPES
        + name().toLowerCase(Locale.ROOT).replace('_', '-')
        + "\",\"title\":\""
        + message.substring(0, end)
        + "\",\"status\":"
        + status
        + ",\"detail\":\""
        + message
        + "\"}";
  }

  /** True if the same request may be sent again as it is. */
  boolean passes() {
    return this == RATE_LIMITED || this == TOO_BUSY;
  }

  /** The body as bytes, a new array each time. */
  byte[] body() {
    return json.getBytes(StandardCharsets.UTF_8);
  }
}
