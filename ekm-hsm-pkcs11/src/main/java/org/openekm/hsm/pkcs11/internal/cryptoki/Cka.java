// SPDX-License-Identifier: Apache-2.0
package org.openekm.hsm.pkcs11.internal.cryptoki;

import java.util.Map;

/** Attributes of objects (PKCS#11 2.40, header files). */
public final class Cka {

  /** CKA_CLASS. */
  public static final long CLASS = 0x0L;

  /** CKA_TOKEN. */
  public static final long TOKEN = 0x1L;

  /** CKA_PRIVATE. */
  public static final long PRIVATE = 0x2L;

  /** CKA_LABEL. */
  public static final long LABEL = 0x3L;

  /** CKA_VALUE. */
  public static final long VALUE = 0x11L;

  /** CKA_KEY_TYPE. */
  public static final long KEY_TYPE = 0x100L;

  /** CKA_ID. */
  public static final long ID = 0x102L;

  /** CKA_SENSITIVE. */
  public static final long SENSITIVE = 0x103L;

  /** CKA_ENCRYPT. */
  public static final long ENCRYPT = 0x104L;

  /** CKA_DECRYPT. */
  public static final long DECRYPT = 0x105L;

  /** CKA_WRAP. */
  public static final long WRAP = 0x106L;

  /** CKA_UNWRAP. */
  public static final long UNWRAP = 0x107L;

  /** CKA_SIGN. */
  public static final long SIGN = 0x108L;

  /** CKA_VERIFY. */
  public static final long VERIFY = 0x10AL;

  /** CKA_MODULUS. */
  public static final long MODULUS = 0x120L;

  /** CKA_MODULUS_BITS. */
  public static final long MODULUS_BITS = 0x121L;

  /** CKA_PUBLIC_EXPONENT. */
  public static final long PUBLIC_EXPONENT = 0x122L;

  /** CKA_VALUE_LEN. */
  public static final long VALUE_LEN = 0x161L;

  /** CKA_EXTRACTABLE. */
  public static final long EXTRACTABLE = 0x162L;

  /** CKA_LOCAL. */
  public static final long LOCAL = 0x163L;

  /** CKA_NEVER_EXTRACTABLE. */
  public static final long NEVER_EXTRACTABLE = 0x164L;

  /** CKA_ALWAYS_SENSITIVE. */
  public static final long ALWAYS_SENSITIVE = 0x165L;

  /** CKA_KEY_GEN_MECHANISM. */
  public static final long KEY_GEN_MECHANISM = 0x166L;

  /** CKA_MODIFIABLE. */
  public static final long MODIFIABLE = 0x170L;

  /** CKA_DESTROYABLE. */
  public static final long DESTROYABLE = 0x172L;

  private static final Map<Long, String> NAMES =
      Map.ofEntries(
          Map.entry(CLASS, "CKA_CLASS"),
          Map.entry(TOKEN, "CKA_TOKEN"),
          Map.entry(PRIVATE, "CKA_PRIVATE"),
          Map.entry(LABEL, "CKA_LABEL"),
          Map.entry(VALUE, "CKA_VALUE"),
          Map.entry(KEY_TYPE, "CKA_KEY_TYPE"),
          Map.entry(ID, "CKA_ID"),
          Map.entry(SENSITIVE, "CKA_SENSITIVE"),
          Map.entry(ENCRYPT, "CKA_ENCRYPT"),
          Map.entry(DECRYPT, "CKA_DECRYPT"),
          Map.entry(WRAP, "CKA_WRAP"),
          Map.entry(UNWRAP, "CKA_UNWRAP"),
          Map.entry(SIGN, "CKA_SIGN"),
          Map.entry(VERIFY, "CKA_VERIFY"),
          Map.entry(MODULUS, "CKA_MODULUS"),
          Map.entry(MODULUS_BITS, "CKA_MODULUS_BITS"),
          Map.entry(PUBLIC_EXPONENT, "CKA_PUBLIC_EXPONENT"),
          Map.entry(VALUE_LEN, "CKA_VALUE_LEN"),
          Map.entry(EXTRACTABLE, "CKA_EXTRACTABLE"),
          Map.entry(LOCAL, "CKA_LOCAL"),
          Map.entry(NEVER_EXTRACTABLE, "CKA_NEVER_EXTRACTABLE"),
          Map.entry(ALWAYS_SENSITIVE, "CKA_ALWAYS_SENSITIVE"),
          Map.entry(KEY_GEN_MECHANISM, "CKA_KEY_GEN_MECHANISM"),
          Map.entry(MODIFIABLE, "CKA_MODIFIABLE"),
          Map.entry(DESTROYABLE, "CKA_DESTROYABLE"));

  private Cka() {}

  /** Returns the name that the standard gives the value, or its number where it has none. */
  public static String name(long value) {
    return NAMES.getOrDefault(value, "CKA_0x" + Long.toHexString(value));
  }
}
