// SPDX-License-Identifier: Apache-2.0
package org.openekm.hsm.pkcs11.internal.isolation;

import org.openekm.spi.backend.BackendException;

/** Carries a backend's failure through the socket. */
final class Failures {

  private static final byte KEY_MISSING = 1;
  private static final byte KEY_UNUSABLE = 2;
  private static final byte TAG_MISMATCH = 3;
  private static final byte UNAVAILABLE = 4;
  private static final byte TIMED_OUT = 5;
  private static final byte MISCONFIGURED = 6;

  private Failures() {}

  static void write(Frame frame, BackendException failure) {
    boolean retryable =
        failure instanceof BackendException.Unavailable unavailable && unavailable.retryable();
    frame
        .start(Messages.FAILURE)
        .put(kind(failure))
        .put((byte) (retryable ? 1 : 0))
        .put(String.valueOf(failure.getMessage()));
  }

  /** Reads the failure that a frame holds. */
  static BackendException read(Frame frame) {
    byte kind = frame.getByte();
    boolean retryable = frame.getByte() == 1;
    String text = frame.getString();
    frame.end();
    return switch (kind) {
      case KEY_MISSING -> new BackendException.KeyMissing(text, null);
      case KEY_UNUSABLE -> new BackendException.KeyUnusable(text, null);
      case TAG_MISMATCH -> new BackendException.AuthenticationTagMismatch(text, null);
      case UNAVAILABLE -> new BackendException.Unavailable(text, retryable, null);
      case TIMED_OUT -> new BackendException.TimedOut(text, null);
      case MISCONFIGURED -> new BackendException.Misconfigured(text, null);
      default -> throw new ProtocolException("a failure of kind " + kind);
    };
  }

  private static byte kind(BackendException failure) {
    if (failure instanceof BackendException.KeyMissing) {
      return KEY_MISSING;
    } else if (failure instanceof BackendException.KeyUnusable) {
      return KEY_UNUSABLE;
    } else if (failure instanceof BackendException.AuthenticationTagMismatch) {
      return TAG_MISMATCH;
    } else if (failure instanceof BackendException.TimedOut) {
      return TIMED_OUT;
    } else if (failure instanceof BackendException.Misconfigured) {
      return MISCONFIGURED;
    }
    return UNAVAILABLE;
  }
}
