// SPDX-License-Identifier: Apache-2.0
package org.openekm.server.admin;

import java.util.Arrays;
import java.util.Locale;

/** What sorts of refusals the management API knows; programs tell them apart by their URI. */
enum ProblemType {
  INVALID(400, "The request is not valid"),
  UNAUTHENTICATED(401, "The credential is missing or wrong"),
  FORBIDDEN(403, "You may not do this"),
  NOT_APPROVED(403, "Others have to approve this"),
  NOT_FOUND(404, "Not Found"),
  METHOD_NOT_ALLOWED(405, "Method Not Allowed"),
  CONFLICT(409, "It collides with something that exists"),
  WRONG_STATE(409, "Its state does not permit this"),
  REPEAT_RUNNING(409, "The first request has not ended yet"),
  REPEAT_UNCLEAR(409, "The first request failed half-way"),
  STALE(412, "It has changed meanwhile"),
  REPEAT_DIFFERS(422, "The Idempotency-Key was used for another request"),
  RATE_LIMITED(429, "Too Many Requests"),
  INTERNAL(500, "Internal Server Error"),
  UNAVAILABLE(503, "Something that is needed does not work now");

  private static final String PREFIX = "urn:openekm:problem:";

  private final int status;
  private final String title;

  ProblemType(int status, String title) {
    this.status = status;
    this.title = title;
  }

  /** Returns the general type of a status. */
  static ProblemType of(int status) {
    return Arrays.stream(values())
        .filter(type -> type.status == status)
        .findFirst()
        .orElse(status < INTERNAL.status ? INVALID : UNAVAILABLE);
  }

  int status() {
    return status;
  }

  String title() {
    return title;
  }

  String uri() {
    return PREFIX + name().toLowerCase(Locale.ROOT).replace('_', '-');
  }
}
