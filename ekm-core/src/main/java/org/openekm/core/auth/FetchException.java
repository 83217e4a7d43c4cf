// SPDX-License-Identifier: Apache-2.0
package org.openekm.core.auth;

import org.jspecify.annotations.Nullable;

/** Thrown when a document of an identity domain can't be had. The message is for the operator. */
public final class FetchException extends RuntimeException {

  private static final long serialVersionUID = 1L;

  /** Makes an exception; the message says what is wrong, without secrets and without the answer. */
  public FetchException(String message) {
    this(message, null);
  }

  /** Makes an exception with its cause. */
  public FetchException(String message, @Nullable Throwable cause) {
    super(message, cause);
  }
}
