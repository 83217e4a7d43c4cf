// SPDX-License-Identifier: Apache-2.0
package org.openekm.hsm.pkcs11.internal.cryptoki;

/** The functions of PKCS#11 that are called, with their places in CK_FUNCTION_LIST of 2.40. */
public enum CkFunction {
  /** C_Initialize. */
  INITIALIZE("C_Initialize", 0),
  /** C_Finalize. */
  FINALIZE("C_Finalize", 1),
  /** C_GetInfo. */
  GET_INFO("C_GetInfo", 2),
  /** C_GetSlotList. */
  GET_SLOT_LIST("C_GetSlotList", 4),
  /** C_GetTokenInfo. */
  GET_TOKEN_INFO("C_GetTokenInfo", 6),
  /** C_GetMechanismList. */
  GET_MECHANISM_LIST("C_GetMechanismList", 7),
  /** C_GetMechanismInfo. */
  GET_MECHANISM_INFO("C_GetMechanismInfo", 8),
  /** C_OpenSession. */
  OPEN_SESSION("C_OpenSession", 12),
  /** C_CloseSession. */
  CLOSE_SESSION("C_CloseSession", 13),
  /** C_CloseAllSessions. */
  CLOSE_ALL_SESSIONS("C_CloseAllSessions", 14),
  /** C_GetSessionInfo. */
  GET_SESSION_INFO("C_GetSessionInfo", 15),
  /** C_Login. */
  LOGIN("C_Login", 18),
  /** C_Logout. */
  LOGOUT("C_Logout", 19),
  /** C_CreateObject. */
  CREATE_OBJECT("C_CreateObject", 20),
  /** C_DestroyObject. */
  DESTROY_OBJECT("C_DestroyObject", 22),
  /** C_GetAttributeValue. */
  GET_ATTRIBUTE_VALUE("C_GetAttributeValue", 24),
  /** C_FindObjectsInit. */
  FIND_OBJECTS_INIT("C_FindObjectsInit", 26),
  /** C_FindObjects. */
  FIND_OBJECTS("C_FindObjects", 27),
  /** C_FindObjectsFinal. */
  FIND_OBJECTS_FINAL("C_FindObjectsFinal", 28),
  /** C_EncryptInit. */
  ENCRYPT_INIT("C_EncryptInit", 29),
  /** C_Encrypt. */
  ENCRYPT("C_Encrypt", 30),
  /** C_DecryptInit. */
  DECRYPT_INIT("C_DecryptInit", 33),
  /** C_Decrypt. */
  DECRYPT("C_Decrypt", 34),
  /** C_GenerateKey. */
  GENERATE_KEY("C_GenerateKey", 58),
  /** C_GenerateKeyPair. */
  GENERATE_KEY_PAIR("C_GenerateKeyPair", 59),
  /** C_UnwrapKey. */
  UNWRAP_KEY("C_UnwrapKey", 61),
  /** C_GenerateRandom. */
  GENERATE_RANDOM("C_GenerateRandom", 64);

  /** How many functions CK_FUNCTION_LIST of 2.40 has. */
  public static final int COUNT = 68;

  private final String standardName;
  private final int index;

  CkFunction(String standardName, int index) {
    this.standardName = standardName;
    this.index = index;
  }

  /** Returns the name that the standard gives it. */
  public String standardName() {
    return standardName;
  }

  /** Returns its place in CK_FUNCTION_LIST, from 0 on. */
  public int index() {
    return index;
  }

  /** Returns the offset of its pointer in CK_FUNCTION_LIST in bytes. */
  public int offset() {
    return CkLayout.FunctionList.FIRST + index * CkLayout.ULONG;
  }
}
