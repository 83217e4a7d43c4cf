// SPDX-License-Identifier: Apache-2.0
package org.openekm.core.audit;

import java.io.IOException;

/**
 * Thrown when a file is not an audit file whose chain can go on. The message names file, line and
 * what to do.
 */
final class DamagedAuditFileException extends IOException {

  private static final long serialVersionUID = 1L;

  DamagedAuditFileException(String message) {
    super(message);
  }
}
