// SPDX-License-Identifier: Apache-2.0
package org.openekm.testkit.load;

import java.io.IOException;
import org.jspecify.annotations.Nullable;

/** A slot for one request at a time on one connection. Used by one thread. */
final class Caller {

  final AnswerParser parser = new AnswerParser();
  @Nullable TlsChannel channel;

  /** When the request was due; latencies count from here. */
  long dueAt;

  /** When the present step must have ended: connecting, or the answer. */
  long limitAt;

  long requestNumber;
  boolean busy;
  boolean retrying;

  boolean isConnecting() {
    TlsChannel open = channel;
    return open != null && !open.isReady();
  }

  void drop() throws IOException {
    TlsChannel open = channel;
    channel = null;
    if (open != null) {
      open.close();
    }
  }
}
