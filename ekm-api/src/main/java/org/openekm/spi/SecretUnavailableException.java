// SPDX-License-Identifier: Apache-2.0
package org.openekm.spi;

import org.jspecify.annotations.Nullable;

/**
 * Thrown when a secret can't be read. The message names the reference and the reason, never the
 * secret.
 */
public final class SecretUnavailableException extends RuntimeException {

  private static final long serialVersionUID = 1L;

  /** Makes an exception for a reference. */
  public SecretUnavailableException(
      SecretReference reference, String reason, @Nullable Throwable cause) {
    super(reference + " " + reason, cause);
  }
}
