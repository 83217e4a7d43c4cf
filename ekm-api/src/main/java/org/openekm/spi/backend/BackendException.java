// SPDX-License-Identifier: Apache-2.0
package org.openekm.spi.backend;

import org.jspecify.annotations.Nullable;

/**
 * The only way in which a backend fails. The kind decides what the caller of the service gets; the
 * message is for the operator and may name device error codes, never data or secrets.
 */
public abstract sealed class BackendException extends RuntimeException {

  private static final long serialVersionUID = 1L;

  private BackendException(String message, @Nullable Throwable cause) {
    super(message, cause);
  }

  static BackendException lacks(BackendFeature feature) {
    return new Misconfigured("this backend can't " + feature, null);
  }

  /** The device holds no such key. */
  public static final class KeyMissing extends BackendException {
    private static final long serialVersionUID = 1L;

    /** Makes an exception. */
    public KeyMissing(String message, @Nullable Throwable cause) {
      super(message, cause);
    }
  }

  /** The device holds the key but won't use it: wrong type, length, usage or life-cycle state. */
  public static final class KeyUnusable extends BackendException {
    private static final long serialVersionUID = 1L;

    /** Makes an exception. */
    public KeyUnusable(String message, @Nullable Throwable cause) {
      super(message, cause);
    }
  }

  /** The authentication tag does not fit. Says nothing about the device's health. */
  public static final class AuthenticationTagMismatch extends BackendException {
    private static final long serialVersionUID = 1L;

    /** Makes an exception. */
    public AuthenticationTagMismatch(String message, @Nullable Throwable cause) {
      super(message, cause);
    }
  }

  /** The device can't be reached, is broken or is overloaded. */
  public static final class Unavailable extends BackendException {
    private static final long serialVersionUID = 1L;

    private final boolean retryable;

    /**
     * Makes an exception.
     *
     * @param retryable true if the same call may succeed at once, on another connection or device
     */
    public Unavailable(String message, boolean retryable, @Nullable Throwable cause) {
      super(message, cause);
      this.retryable = retryable;
    }

    /** Returns true if the same call may succeed at once, on another connection or device. */
    public boolean retryable() {
      return retryable;
    }
  }

  /** The device did not answer before the deadline. The call may or may not have taken effect. */
  public static final class TimedOut extends BackendException {
    private static final long serialVersionUID = 1L;

    /** Makes an exception. */
    public TimedOut(String message, @Nullable Throwable cause) {
      super(message, cause);
    }
  }

  /** The backend or its device is set up wrongly; somebody must act before the call can succeed. */
  public static final class Misconfigured extends BackendException {
    private static final long serialVersionUID = 1L;

    /** Makes an exception. */
    public Misconfigured(String message, @Nullable Throwable cause) {
      super(message, cause);
    }
  }
}
