// SPDX-License-Identifier: Apache-2.0
package org.openekm.core.backend.software;

import java.io.IOException;
import org.jspecify.annotations.Nullable;

/** Thrown when a keystore file can't be used; the message goes on after the file's name. */
final class DamagedKeystoreException extends IOException {

  private static final long serialVersionUID = 1L;

  DamagedKeystoreException(String message) {
    this(message, null);
  }

  DamagedKeystoreException(String message, @Nullable Throwable cause) {
    super(message, cause);
  }
}
