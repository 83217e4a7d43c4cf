// SPDX-License-Identifier: Apache-2.0
package org.openekm.server.cli;

import org.jspecify.annotations.Nullable;

/** Thrown when a command can't do its work; the message goes to the operator as it is. */
final class CommandFailedException extends RuntimeException {

  private static final long serialVersionUID = 1L;

  CommandFailedException(String message, @Nullable Throwable cause) {
    super(message, cause);
  }
}
