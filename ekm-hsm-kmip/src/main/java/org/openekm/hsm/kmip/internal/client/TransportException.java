// SPDX-License-Identifier: Apache-2.0
package org.openekm.hsm.kmip.internal.client;

import org.jspecify.annotations.Nullable;

/** No answer was had, or none that can be trusted. */
public final class TransportException extends RuntimeException {

  private static final long serialVersionUID = 1L;

  /** What went wrong. */
  public enum Kind {
    /** All connections are in use and enough calls wait for one. */
    BUSY,
    /** No connection could be made. */
    CONNECT,
    /** One side does not accept the other's certificate, or they find no common way to encrypt. */
    TLS,
    /** The connection ended before the answer. */
    CLOSED,
    /** No answer in time. */
    TIMEOUT,
    /** The answer was not one to what was asked. */
    PROTOCOL,
    /** The client's own files or the server's abilities don't fit what is wanted. */
    SETTINGS
  }

  private final Kind kind;

  /** Makes an exception. */
  public TransportException(Kind kind, String message, @Nullable Throwable cause) {
    super(message, cause);
    this.kind = kind;
  }

  /** Returns what went wrong. */
  public Kind kind() {
    return kind;
  }
}
