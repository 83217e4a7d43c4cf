// SPDX-License-Identifier: Apache-2.0
package org.openekm.hsm.pkcs11.internal.cryptoki;

/** A function of the PKCS#11 library returned something else than CKR_OK. */
public final class Pkcs11Exception extends RuntimeException {

  private static final long serialVersionUID = 1L;

  private final CkFunction function;
  private final long code;

  /** Makes an exception for the function's return value. */
  public Pkcs11Exception(CkFunction function, long code) {
    super(
        function.standardName()
            + " returned "
            + Ckr.name(code)
            + " (0x"
            + Long.toHexString(code)
            + ")");
    this.function = function;
    this.code = code;
  }

  /** Returns the function that failed. */
  public CkFunction function() {
    return function;
  }

  /** Returns the value of {@link Ckr} that it returned; may be a vendor's own. */
  public long code() {
    return code;
  }
}
