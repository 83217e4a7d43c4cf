// SPDX-License-Identifier: Apache-2.0
package org.openekm.server.http;

import org.jspecify.annotations.Nullable;

/**
 * Thrown when key and certificate can't be used. The message names the file, what is wrong and what
 * to do; no secrets.
 */
public final class TlsException extends RuntimeException {

  private static final long serialVersionUID = 1L;

  TlsException(String message, @Nullable Throwable cause) {
    super(message, cause);
  }

  TlsException(String message) {
    super(message);
  }
}
