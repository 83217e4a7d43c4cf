// SPDX-License-Identifier: Apache-2.0
package org.openekm.core.backend;

import org.openekm.api.EkmErrorCode;
import org.openekm.api.EkmException;
import org.openekm.spi.backend.BackendException;
import org.openekm.spi.backend.BackendException.AuthenticationTagMismatch;
import org.openekm.spi.backend.BackendException.KeyMissing;
import org.openekm.spi.backend.BackendException.KeyUnusable;
import org.openekm.spi.backend.BackendException.Misconfigured;
import org.openekm.spi.backend.BackendException.TimedOut;
import org.openekm.spi.backend.BackendException.Unavailable;

/** The one place where the failure of a backend becomes the failure of a request. */
public final class BackendErrors {

  private BackendErrors() {}

  /**
   * Returns what the caller of the service gets for a backend's failure.
   *
   * <p>A key that the catalog knows but the device does not is {@code BACKEND_UNAVAILABLE}, never
   * "not found": a wrong partition or a replica that lags behind must not make the cloud believe
   * that the key is gone for good. A key that the device refuses to use, for one because its life
   * there has ended, is {@code KEY_NOT_ACTIVE}.
   */
  public static EkmException toEkm(BackendException failure) {
    String detail = kind(failure) + ": " + failure.getMessage();
    return new EkmException(code(failure), detail, failure);
  }

  /** Returns the kind in lower case with hyphens, as metrics use it. */
  public static String kind(BackendException failure) {
    if (failure instanceof AuthenticationTagMismatch) {
      return "tag-mismatch";
    } else if (failure instanceof KeyMissing) {
      return "key-missing";
    } else if (failure instanceof KeyUnusable) {
      return "key-unusable";
    } else if (failure instanceof TimedOut) {
      return "timed-out";
    } else if (failure instanceof Misconfigured) {
      return "misconfigured";
    }
    return "unavailable";
  }

  /** Returns true if the failure says that the device itself is in trouble. */
  static boolean blamesDevice(BackendException failure) {
    return failure instanceof Unavailable || failure instanceof TimedOut;
  }

  private static EkmErrorCode code(BackendException failure) {
    if (failure instanceof AuthenticationTagMismatch) {
      return EkmErrorCode.DECRYPTION_FAILED;
    } else if (failure instanceof KeyUnusable) {
      return EkmErrorCode.KEY_NOT_ACTIVE;
    } else if (failure instanceof TimedOut) {
      return EkmErrorCode.DEADLINE_EXCEEDED;
    }
    return EkmErrorCode.BACKEND_UNAVAILABLE;
  }
}
