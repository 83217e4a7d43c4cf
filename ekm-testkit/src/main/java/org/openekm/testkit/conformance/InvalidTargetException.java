// SPDX-License-Identifier: Apache-2.0
package org.openekm.testkit.conformance;

import org.jspecify.annotations.Nullable;

/** What was given to describe the target or its names can't be used; the message says why. */
public final class InvalidTargetException extends IllegalArgumentException {

  private static final long serialVersionUID = 1L;

  /** Makes an exception with a message for the person who wrote the input. */
  public InvalidTargetException(String message, @Nullable Throwable cause) {
    super(message, cause);
  }
}
