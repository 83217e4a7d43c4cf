// SPDX-License-Identifier: Apache-2.0
package org.openekm.hsm.pkcs11.internal.cryptoki;

/** Flags of tokens, sessions and mechanisms (PKCS#11 2.40, header files). */
public final class Ckf {

  /** Token: CKF_RNG, has a random generator. */
  public static final long RNG = 0x1L;

  /** Token: CKF_LOGIN_REQUIRED. */
  public static final long LOGIN_REQUIRED = 0x4L;

  /** Token: CKF_USER_PIN_INITIALIZED. */
  public static final long USER_PIN_INITIALIZED = 0x8L;

  /** Token: CKF_PROTECTED_AUTHENTICATION_PATH, has a keypad of its own. */
  public static final long PROTECTED_AUTHENTICATION_PATH = 0x100L;

  /** Token: CKF_TOKEN_INITIALIZED. */
  public static final long TOKEN_INITIALIZED = 0x400L;

  /** Token: CKF_USER_PIN_COUNT_LOW, a wrong PIN has been tried. */
  public static final long USER_PIN_COUNT_LOW = 0x10000L;

  /** Token: CKF_USER_PIN_FINAL_TRY, one more wrong PIN locks it. */
  public static final long USER_PIN_FINAL_TRY = 0x20000L;

  /** Token: CKF_USER_PIN_LOCKED. */
  public static final long USER_PIN_LOCKED = 0x40000L;

  /** Session: CKF_RW_SESSION. */
  public static final long RW_SESSION = 0x2L;

  /** Session: CKF_SERIAL_SESSION, always needed. */
  public static final long SERIAL_SESSION = 0x4L;

  /** Mechanism: CKF_ENCRYPT. */
  public static final long ENCRYPT = 0x100L;

  /** Mechanism: CKF_DECRYPT. */
  public static final long DECRYPT = 0x200L;

  /** Mechanism: CKF_UNWRAP. */
  public static final long UNWRAP = 0x40000L;

  private Ckf() {}
}
