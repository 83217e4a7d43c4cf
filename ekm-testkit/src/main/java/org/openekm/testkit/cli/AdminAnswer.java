// SPDX-License-Identifier: Apache-2.0
package org.openekm.testkit.cli;

import java.time.Duration;
import tools.jackson.databind.JsonNode;

/**
 * An answer of the admin API.
 *
 * @param status the HTTP status
 * @param body the body
 * @param elapsed how long it took
 */
record AdminAnswer(int status, JsonNode body, Duration elapsed) {

  boolean isSuccess() {
    return status >= 200 && status < 300;
  }

  /** Returns a field; empty if it isn't there. */
  String text(String field) {
    return body.path(field).asString("");
  }
}
