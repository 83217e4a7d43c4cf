// SPDX-License-Identifier: Apache-2.0
package org.openekm.hsm.pkcs11.internal.fake;

import java.util.Iterator;
import org.openekm.hsm.pkcs11.internal.cryptoki.CkFunction;
import org.openekm.hsm.pkcs11.internal.cryptoki.Ckr;
import org.openekm.hsm.pkcs11.internal.cryptoki.GcmParameters;
import org.openekm.hsm.pkcs11.internal.cryptoki.Pkcs11Exception;

/** What a session of a {@link FakeCryptoki} has begun. */
final class FakeSession {

  Iterator<Long> found;
  GcmParameters encryption;
  GcmParameters decryption;
  byte[] key;

  /** Returns what was begun; it must have been. */
  static GcmParameters begun(CkFunction function, GcmParameters parameters) {
    if (parameters == null) {
      throw new Pkcs11Exception(function, Ckr.OPERATION_NOT_INITIALIZED);
    }
    return parameters;
  }
}
