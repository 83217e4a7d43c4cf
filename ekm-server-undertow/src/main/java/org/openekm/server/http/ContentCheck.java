// SPDX-License-Identifier: Apache-2.0
package org.openekm.server.http;

import io.undertow.util.HeaderMap;
import io.undertow.util.Headers;

/**
 * Refuses bodies that are not worth reading: too large by their own word, encoded, or tied to an
 * unknown expectation.
 */
final class ContentCheck implements Stage {

  private final Stage next;
  private final int maxBytes;

  ContentCheck(Stage next, int maxBytes) {
    this.next = next;
    this.maxBytes = maxBytes;
  }

  @Override
  public void handle(Call call) {
    HeaderMap headers = call.exchange().getRequestHeaders();
    String encoding = headers.getFirst(Headers.CONTENT_ENCODING);
    String expectation = headers.getFirst(Headers.EXPECT);
    if (encoding != null && !"identity".equalsIgnoreCase(encoding)) {
      call.refuse(Refusal.ENCODED_BODY);
    } else if (call.exchange().getRequestContentLength() > maxBytes) {
      call.refuse(Refusal.BODY_TOO_LARGE);
    } else if (expectation != null && !"100-continue".equalsIgnoreCase(expectation)) {
      call.refuse(Refusal.UNKNOWN_EXPECTATION);
    } else {
      next.handle(call);
    }
  }
}
