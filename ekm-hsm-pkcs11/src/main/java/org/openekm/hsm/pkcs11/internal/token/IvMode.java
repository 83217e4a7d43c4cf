// SPDX-License-Identifier: Apache-2.0
package org.openekm.hsm.pkcs11.internal.token;

import java.util.Locale;

/** Who makes the IV of an encryption, and where the token puts one that it has made. */
public enum IvMode {
  /** We hand in 12 bytes of the token's random generator. SoftHSM, NSS, Luna outside FIPS mode. */
  CALLER,
  /** We hand in 12 zero bytes, which the token overwrites. CloudHSM, nShield, ProtectServer. */
  IN_PARAM,
  /** We hand in nothing; the IV follows the tag in the output. Luna in FIPS mode. */
  APPENDED,
  /** We hand in nothing; the IV precedes the ciphertext in the output. CloudHSM's own mechanism. */
  PREPENDED;

  /** Returns its name in the settings. */
  public String settingName() {
    return name().toLowerCase(Locale.ROOT).replace('_', '-');
  }

  /** Returns true if the token makes the IV. */
  public boolean byDevice() {
    return this != CALLER;
  }
}
