// SPDX-License-Identifier: Apache-2.0
package org.openekm.spi.store;

import org.jspecify.annotations.Nullable;

/** Thrown when the store can't be reached or is broken. The message is for the operator. */
public final class StoreException extends RuntimeException {

  private static final long serialVersionUID = 1L;

  /** Makes an exception. */
  public StoreException(String message, @Nullable Throwable cause) {
    super(message, cause);
  }
}
