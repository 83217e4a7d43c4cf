// SPDX-License-Identifier: Apache-2.0
package org.openekm.hsm.pkcs11.internal.cryptoki;

import java.util.Map;

/** Mechanisms (PKCS#11 2.40, header files). */
public final class Ckm {

  /** CKM_RSA_PKCS_KEY_PAIR_GEN. */
  public static final long RSA_PKCS_KEY_PAIR_GEN = 0x0L;

  /** CKM_RSA_PKCS_OAEP. */
  public static final long RSA_PKCS_OAEP = 0x9L;

  /** CKM_SHA_1. */
  public static final long SHA_1 = 0x220L;

  /** CKM_AES_KEY_GEN. */
  public static final long AES_KEY_GEN = 0x1080L;

  /** CKM_AES_ECB. */
  public static final long AES_ECB = 0x1081L;

  /** CKM_AES_CBC. */
  public static final long AES_CBC = 0x1082L;

  /** CKM_AES_GCM. */
  public static final long AES_GCM = 0x1087L;

  /** CKM_AES_KEY_WRAP_PAD; vendors differ in the padding that they mean by it. */
  public static final long AES_KEY_WRAP_PAD = 0x210AL;

  /** CKM_AES_KEY_WRAP_KWP (PKCS#11 3.0): RFC 5649. */
  public static final long AES_KEY_WRAP_KWP = 0x210BL;

  private static final Map<Long, String> NAMES =
      Map.ofEntries(
          Map.entry(RSA_PKCS_KEY_PAIR_GEN, "CKM_RSA_PKCS_KEY_PAIR_GEN"),
          Map.entry(RSA_PKCS_OAEP, "CKM_RSA_PKCS_OAEP"),
          Map.entry(SHA_1, "CKM_SHA_1"),
          Map.entry(AES_KEY_GEN, "CKM_AES_KEY_GEN"),
          Map.entry(AES_ECB, "CKM_AES_ECB"),
          Map.entry(AES_CBC, "CKM_AES_CBC"),
          Map.entry(AES_GCM, "CKM_AES_GCM"),
          Map.entry(AES_KEY_WRAP_PAD, "CKM_AES_KEY_WRAP_PAD"),
          Map.entry(AES_KEY_WRAP_KWP, "CKM_AES_KEY_WRAP_KWP"));

  private Ckm() {}

  /** Returns the name that the standard gives the value, or its number where it has none. */
  public static String name(long value) {
    return NAMES.getOrDefault(value, "CKM_0x" + Long.toHexString(value));
  }
}
