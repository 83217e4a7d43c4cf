// SPDX-License-Identifier: Apache-2.0
package org.openekm.hsm.pkcs11.internal.cryptoki;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/**
 * Where the fields of PKCS#11's structures lie on 64-bit Unix: CK_ULONG and pointers have 8 bytes
 * and natural alignment. Windows, with 4 bytes and no padding, would need a second set (PKCS#11
 * 2.40, header files).
 */
public final class CkLayout {

  /** The size of CK_ULONG and of a pointer. */
  public static final int ULONG = 8;

  /** The value that stands for "no information". */
  public static final long UNAVAILABLE = -1L;

  private CkLayout() {}

  /** CK_ATTRIBUTE: type, pointer to the value, its length. */
  public static final class Attribute {
    /** The size of the structure. */
    public static final int SIZE = 24;

    /** The offset of the pointer to the value. */
    public static final int VALUE = 8;

    /** The offset of the value's length. */
    public static final int LENGTH = 16;

    private Attribute() {}
  }

  /** CK_MECHANISM: type, pointer to the parameter, its length. */
  public static final class Mechanism {
    /** The size of the structure. */
    public static final int SIZE = 24;

    /** The offset of the pointer to the parameter. */
    public static final int PARAMETER = 8;

    /** The offset of the parameter's length. */
    public static final int LENGTH = 16;

    private Mechanism() {}
  }

  /** CK_GCM_PARAMS in its two forms. */
  public static final class GcmParams {
    /** The size with ulIvBits. */
    public static final int SIZE_WITH_IV_BITS = 48;

    /** The size without ulIvBits. */
    public static final int SIZE_WITHOUT_IV_BITS = 40;

    /** The offset of ulIvLen, after the pointer to the IV. */
    public static final int IV_LENGTH = 8;

    /** The offset of ulIvBits, or of pAAD where the form has no ulIvBits. */
    public static final int IV_BITS = 16;

    private GcmParams() {}
  }

  /** CK_RSA_PKCS_OAEP_PARAMS: hash, mask function, source type, pointer, length. */
  public static final class OaepParams {
    /** The size of the structure. */
    public static final int SIZE = 40;

    private OaepParams() {}
  }

  /** CK_INFO. */
  public static final class Info {
    /** The size of the structure. */
    public static final int SIZE = 88;

    /** The offset of manufacturerID, 32 characters. */
    public static final int MANUFACTURER = 2;

    /** The offset of libraryDescription, 32 characters. */
    public static final int DESCRIPTION = 48;

    /** The offset of libraryVersion, 2 bytes. */
    public static final int VERSION = 80;

    private Info() {}
  }

  /** CK_TOKEN_INFO. */
  public static final class TokenInfo {
    /** The size of the structure. */
    public static final int SIZE = 208;

    /** The offset of manufacturerID, 32 characters, after the label's 32. */
    public static final int MANUFACTURER = 32;

    /** The offset of model, 16 characters. */
    public static final int MODEL = 64;

    /** The offset of serialNumber, 16 characters. */
    public static final int SERIAL = 80;

    /** The offset of flags. */
    public static final int FLAGS = 96;

    /** The offset of ulMaxSessionCount. */
    public static final int MAX_SESSIONS = 104;

    /** The offset of ulMaxRwSessionCount. */
    public static final int MAX_RW_SESSIONS = 120;

    /** The offset of firmwareVersion, 2 bytes. */
    public static final int FIRMWARE = 186;

    private TokenInfo() {}
  }

  /** CK_MECHANISM_INFO: smallest and largest key, flags. */
  public static final class MechanismInfo {
    /** The size of the structure. */
    public static final int SIZE = 24;

    private MechanismInfo() {}
  }

  /** CK_SESSION_INFO: slot, state, flags, device error. */
  public static final class SessionInfo {
    /** The size of the structure. */
    public static final int SIZE = 32;

    private SessionInfo() {}
  }

  /** CK_C_INITIALIZE_ARGS: four functions, flags, reserved. */
  public static final class InitializeArgs {
    /** The size of the structure. */
    public static final int SIZE = 48;

    /** The offset of flags. */
    public static final int FLAGS = 32;

    /** The offset of pReserved. */
    public static final int RESERVED = 40;

    /** CKF_OS_LOCKING_OK. */
    public static final long OS_LOCKING_OK = 2;

    private InitializeArgs() {}
  }

  /** CK_FUNCTION_LIST: a version of 2 bytes, padding, then one pointer for each function. */
  public static final class FunctionList {
    /** The offset of the first pointer. */
    public static final int FIRST = 8;

    private FunctionList() {}
  }

  /** Returns a CK_ULONG as it lies in memory. */
  public static byte[] ulong(long value) {
    return ByteBuffer.allocate(ULONG).order(ByteOrder.nativeOrder()).putLong(value).array();
  }

  /**
   * Returns the CK_ULONG that lies in these bytes.
   *
   * @throws IllegalArgumentException if they have another length
   */
  public static long ulong(byte[] value) {
    if (value.length != ULONG) {
      throw new IllegalArgumentException("a CK_ULONG has 8 bytes, not " + value.length);
    }
    return ByteBuffer.wrap(value).order(ByteOrder.nativeOrder()).getLong();
  }
}
