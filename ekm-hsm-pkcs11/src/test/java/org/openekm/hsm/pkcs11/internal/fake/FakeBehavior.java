// SPDX-License-Identifier: Apache-2.0
package org.openekm.hsm.pkcs11.internal.fake;

import org.openekm.hsm.pkcs11.internal.cryptoki.Ckr;
import org.openekm.hsm.pkcs11.internal.cryptoki.GcmParameters.Layout;

/**
 * What kind of token a {@link FakeCryptoki} is.
 *
 * @param iv what it does about IVs
 * @param layout the only form of parameters it takes
 * @param wrongTag what it returns when a tag does not fit
 * @param staleKey what it returns for a handle of an earlier log-in
 */
public record FakeBehavior(Iv iv, Layout layout, long wrongTag, long staleKey) {

  /** What a token does about IVs. */
  public enum Iv {
    /** Takes the caller's; zeros for none, like SoftHSM. */
    CALLER,
    /** Writes its own over the caller's. */
    IN_PARAM,
    /** Appends its own of 12 bytes to the output. */
    APPENDED,
    /** Appends its own of 16 bytes to the output. */
    APPENDED_LONG,
    /** Puts its own before the output. */
    PREPENDED,
    /** Writes back the same one each time. */
    REPEATING,
    /** Uses another one than the caller's and does not say so. */
    REPLACED_SECRETLY
  }

  /** A token like SoftHSM. */
  public static FakeBehavior softHsm() {
    return new FakeBehavior(
        Iv.CALLER, Layout.WITH_IV_BITS, Ckr.GENERAL_ERROR, Ckr.OBJECT_HANDLE_INVALID);
  }

  /** A token like NSS. */
  public static FakeBehavior nss() {
    return new FakeBehavior(
        Iv.CALLER, Layout.WITHOUT_IV_BITS, Ckr.ENCRYPTED_DATA_INVALID, Ckr.KEY_HANDLE_INVALID);
  }

  /** The same token with another way with IVs. */
  public FakeBehavior with(Iv other) {
    return new FakeBehavior(other, layout, wrongTag, staleKey);
  }
}
