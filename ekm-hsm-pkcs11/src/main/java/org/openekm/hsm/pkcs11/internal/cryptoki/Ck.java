// SPDX-License-Identifier: Apache-2.0
package org.openekm.hsm.pkcs11.internal.cryptoki;

/** Object classes, key types and OAEP values (PKCS#11 2.40, header files). */
public final class Ck {

  /** Object class CKO_PUBLIC_KEY. */
  public static final long CKO_PUBLIC_KEY = 0x2L;

  /** Object class CKO_PRIVATE_KEY. */
  public static final long CKO_PRIVATE_KEY = 0x3L;

  /** Object class CKO_SECRET_KEY. */
  public static final long CKO_SECRET_KEY = 0x4L;

  /** Key type CKK_RSA. */
  public static final long CKK_RSA = 0x0L;

  /** Key type CKK_AES. */
  public static final long CKK_AES = 0x1FL;

  /** Mask function CKG_MGF1_SHA1. */
  public static final long CKG_MGF1_SHA1 = 0x1L;

  /** OAEP source CKZ_DATA_SPECIFIED. */
  public static final long CKZ_DATA_SPECIFIED = 0x1L;

  private Ck() {}
}
