// SPDX-License-Identifier: Apache-2.0
package org.openekm.testkit.cli;

import org.jspecify.annotations.Nullable;

/** The demo can't go on. The message tells the operator why. */
final class DemoFailedException extends RuntimeException {

  private static final long serialVersionUID = 1L;

  private final String reason;

  DemoFailedException(String reason, @Nullable Throwable cause) {
    super(reason, cause);
    this.reason = reason;
  }

  String reason() {
    return reason;
  }
}
