// SPDX-License-Identifier: Apache-2.0
package org.openekm.spi.store;

/**
 * Thrown when somebody else has committed since the caller looked. Look again, decide again, try
 * again.
 */
public final class RevisionConflictException extends RuntimeException {

  private static final long serialVersionUID = 1L;

  /** Makes an exception. */
  public RevisionConflictException(long expected, long actual) {
    super("expected revision " + expected + ", the store is at " + actual);
  }
}
