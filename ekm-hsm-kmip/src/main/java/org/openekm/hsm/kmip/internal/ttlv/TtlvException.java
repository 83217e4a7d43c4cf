// SPDX-License-Identifier: Apache-2.0
package org.openekm.hsm.kmip.internal.ttlv;

/** Bytes that are no TTLV, or a message that lacks what it must have. Never carries data. */
public final class TtlvException extends RuntimeException {

  private static final long serialVersionUID = 1L;

  /** Makes an exception. */
  public TtlvException(String message) {
    super(message);
  }
}
