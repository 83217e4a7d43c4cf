// SPDX-License-Identifier: Apache-2.0
package org.openekm.hsm.pkcs11.internal.cryptoki;

import org.jspecify.annotations.Nullable;

/**
 * One loaded PKCS#11 library: the functions of version 2.40 that OpenEKM calls, one method each and
 * under the same name.
 *
 * <p>Handles, flags and types are CK_ULONG values kept in a {@code long}. A function that returns
 * anything but CKR_OK throws a {@link Pkcs11Exception}; nothing else is thrown but {@link
 * IllegalArgumentException} and {@link IllegalStateException} for wrong use.
 *
 * <p>Thread-safe as far as the library is: after {@link #initialize} with operating-system locks,
 * threads may call at the same time, each on a session of its own. Nobody may call {@link
 * #closeAllSessions}, {@link #logout}, {@link #finalizeLibrary} or {@link #close} while another
 * call is under way; SoftHSM crashes the process then (measured).
 */
public interface Cryptoki extends AutoCloseable {

  /** C_Initialize, with operating-system locks unless the arguments say otherwise. */
  void initialize(InitializeArguments arguments);

  /** C_Finalize. */
  void finalizeLibrary();

  /** C_GetInfo. */
  LibraryInfo getInfo();

  /**
   * C_GetSlotList.
   *
   * @param tokenPresent true for the slots with a token only
   */
  long[] getSlotList(boolean tokenPresent);

  /** C_GetTokenInfo. */
  TokenInfo getTokenInfo(long slot);

  /** C_GetMechanismList. */
  long[] getMechanismList(long slot);

  /** C_GetMechanismInfo. */
  MechanismInfo getMechanismInfo(long slot, long mechanism);

  /**
   * C_OpenSession, without a callback.
   *
   * @param flags of {@link Ckf}; CKF_SERIAL_SESSION must be among them
   */
  long openSession(long slot, long flags);

  /** C_CloseSession. */
  void closeSession(long session);

  /** C_CloseAllSessions. */
  void closeAllSessions(long slot);

  /** C_GetSessionInfo. */
  SessionInfo getSessionInfo(long session);

  /**
   * C_Login as the normal user.
   *
   * @param pin the PIN, which stays the caller's to wipe; null for a token with a keypad of its own
   */
  void login(long session, byte @Nullable [] pin);

  /** C_Logout. */
  void logout(long session);

  /** C_CreateObject. */
  long createObject(long session, Template template);

  /** C_DestroyObject. */
  void destroyObject(long session, long object);

  /**
   * C_GetAttributeValue for one attribute.
   *
   * @return the value as it lies in memory
   */
  byte[] getAttributeValue(long session, long object, long attribute);

  /** C_FindObjectsInit. */
  void findObjectsInit(long session, Template template);

  /** C_FindObjects: the next handles, at most {@code max} of them. */
  long[] findObjects(long session, int max);

  /** C_FindObjectsFinal. */
  void findObjectsFinal(long session);

  /** C_GenerateKey with a mechanism that has no parameter. */
  long generateKey(long session, long mechanism, Template template);

  /** C_GenerateKeyPair with a mechanism that has no parameter. */
  KeyPairHandles generateKeyPair(
      long session, long mechanism, Template publicTemplate, Template privateTemplate);

  /**
   * C_UnwrapKey.
   *
   * @param mechanism CKM_RSA_PKCS_OAEP, which is of SHA-1 and MGF1 with SHA-1, the only hash that
   *     all tokens know; or one that takes no parameter
   */
  long unwrapKey(
      long session, long mechanism, long unwrappingKey, byte[] wrapped, Template template);

  /** C_GenerateRandom: fills the array. */
  void generateRandom(long session, byte[] target);

  /**
   * Sets memory aside for the AES-GCM calls of one session.
   *
   * @param maxInput the longest plaintext or ciphertext with tag and IV, in bytes
   * @param maxAad the longest additional authenticated data in bytes
   */
  GcmBuffers newGcmBuffers(int maxInput, int maxAad);

  /** C_EncryptInit with AES-GCM. */
  void encryptInit(long session, GcmBuffers buffers, GcmParameters parameters, long key);

  /**
   * C_Encrypt, in one part.
   *
   * @param output at least 32 bytes longer than the input
   * @return how many bytes of the output are filled
   */
  int encrypt(long session, GcmBuffers buffers, byte[] input, byte[] output);

  /** C_DecryptInit with AES-GCM. */
  void decryptInit(long session, GcmBuffers buffers, GcmParameters parameters, long key);

  /**
   * C_Decrypt, in one part.
   *
   * @param output at least as long as the input
   * @return how many bytes of the output are filled
   */
  int decrypt(long session, GcmBuffers buffers, byte[] input, byte[] output);

  /** Unloads the library. Does not call C_Finalize. */
  @Override
  void close();
}
