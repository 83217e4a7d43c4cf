// SPDX-License-Identifier: Apache-2.0
package org.openekm.spi.audit;

import org.jspecify.annotations.Nullable;

/** Thrown when events could not be made durable. The message is for the operator. */
public final class AuditSinkException extends RuntimeException {

  private static final long serialVersionUID = 1L;

  /** Makes an exception. */
  public AuditSinkException(String message, @Nullable Throwable cause) {
    super(message, cause);
  }
}
