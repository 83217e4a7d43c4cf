// SPDX-License-Identifier: Apache-2.0
package org.openekm.testkit.conformance.http;

import java.io.IOException;

/** The server closed the connection, or sent nothing for too long, before a whole answer. */
public final class ConnectionEnded extends IOException {

  private static final long serialVersionUID = 1L;

  private final boolean silent;

  ConnectionEnded(String message, boolean silent) {
    super(message);
    this.silent = silent;
  }

  /** Returns true if the connection still stood, but nothing came in time. */
  public boolean silent() {
    return silent;
  }
}
