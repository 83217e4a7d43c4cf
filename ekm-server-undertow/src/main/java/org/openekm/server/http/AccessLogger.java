// SPDX-License-Identifier: Apache-2.0
package org.openekm.server.http;

import org.openekm.api.NanoClock;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Writes one line per answered call: ids, codes and times, nothing that a caller chose freely
 * except its request id.
 */
final class AccessLogger {

  private static final Logger LOG = LoggerFactory.getLogger("org.openekm.access");
  private static final int MAX_PATH = 200;

  private final EndpointConfig.AccessLog which;
  private final NanoClock clock;

  AccessLogger(EndpointConfig.AccessLog which, NanoClock clock) {
    this.which = which;
    this.clock = clock;
  }

  void log(Call call) {
    int status = call.status();
    if (which == EndpointConfig.AccessLog.ALL
        || (which == EndpointConfig.AccessLog.ERRORS && status >= 400)) {
      LOG.info(
          "request {} status {} micros {} from {} path {}",
          call.requestId(),
          status,
          (clock.nanos() - call.startNanos()) / 1000,
          call.exchange().getSourceAddress().getAddress().getHostAddress(),
          harmless(call.path()));
    }
  }

  /**
   * Paths of the protocol consist of letters, digits, hyphens and slashes; any other is not worth
   * the risk of a log entry.
   */
  private static String harmless(String path) {
    if (path.isEmpty() || path.length() > MAX_PATH) {
      return "-";
    }
    for (int i = 0; i < path.length(); i++) {
      char c = path.charAt(i);
      boolean fine = c == '/' || c == '-' || (c < 128 && Character.isLetterOrDigit(c));
      if (!fine) {
        return "-";
      }
    }
    return path;
  }
}
