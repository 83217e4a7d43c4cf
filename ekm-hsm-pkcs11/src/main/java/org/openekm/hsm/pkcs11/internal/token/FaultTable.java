// SPDX-License-Identifier: Apache-2.0
package org.openekm.hsm.pkcs11.internal.token;

import java.util.Map;
import java.util.Set;
import org.openekm.hsm.pkcs11.internal.cryptoki.CkFunction;
import org.openekm.hsm.pkcs11.internal.cryptoki.Ckr;
import org.openekm.hsm.pkcs11.internal.cryptoki.Pkcs11Exception;

/**
 * The one place that says what a CKR value means. A value that is not in the table, such as a
 * vendor's own, costs the session and counts against the device: nothing is known of the state that
 * it leaves behind.
 */
final class FaultTable {

  private static final Map<Long, Fault> MEANINGS =
      Map.ofEntries(
          Map.entry(Ckr.SESSION_HANDLE_INVALID, Fault.SESSION),
          Map.entry(Ckr.SESSION_CLOSED, Fault.SESSION),
          Map.entry(Ckr.OPERATION_ACTIVE, Fault.SESSION),
          Map.entry(Ckr.OPERATION_NOT_INITIALIZED, Fault.SESSION),
          Map.entry(Ckr.FUNCTION_CANCELED, Fault.SESSION),
          Map.entry(Ckr.BUFFER_TOO_SMALL, Fault.SESSION),
          Map.entry(Ckr.OBJECT_HANDLE_INVALID, Fault.STALE),
          Map.entry(Ckr.KEY_HANDLE_INVALID, Fault.STALE),
          Map.entry(Ckr.UNWRAPPING_KEY_HANDLE_INVALID, Fault.STALE),
          Map.entry(Ckr.USER_NOT_LOGGED_IN, Fault.STALE),
          Map.entry(Ckr.HOST_MEMORY, Fault.BUSY),
          Map.entry(Ckr.SESSION_COUNT, Fault.BUSY),
          Map.entry(Ckr.TOKEN_RESOURCE_EXCEEDED, Fault.BUSY),
          Map.entry(Ckr.KEY_FUNCTION_NOT_PERMITTED, Fault.KEY_UNUSABLE),
          Map.entry(Ckr.KEY_TYPE_INCONSISTENT, Fault.KEY_UNUSABLE),
          Map.entry(Ckr.KEY_SIZE_RANGE, Fault.KEY_UNUSABLE),
          Map.entry(Ckr.KEY_EXHAUSTED, Fault.KEY_UNUSABLE),
          Map.entry(Ckr.PIN_INCORRECT, Fault.PIN),
          Map.entry(Ckr.PIN_INVALID, Fault.PIN),
          Map.entry(Ckr.PIN_LEN_RANGE, Fault.PIN),
          Map.entry(Ckr.PIN_LOCKED, Fault.PIN),
          Map.entry(Ckr.PIN_EXPIRED, Fault.PIN),
          Map.entry(Ckr.USER_PIN_NOT_INITIALIZED, Fault.PIN),
          Map.entry(Ckr.MECHANISM_INVALID, Fault.SETTINGS),
          Map.entry(Ckr.MECHANISM_PARAM_INVALID, Fault.SETTINGS),
          Map.entry(Ckr.ARGUMENTS_BAD, Fault.SETTINGS),
          Map.entry(Ckr.FUNCTION_NOT_SUPPORTED, Fault.SETTINGS),
          Map.entry(Ckr.TEMPLATE_INCOMPLETE, Fault.SETTINGS),
          Map.entry(Ckr.TEMPLATE_INCONSISTENT, Fault.SETTINGS),
          Map.entry(Ckr.ATTRIBUTE_TYPE_INVALID, Fault.SETTINGS),
          Map.entry(Ckr.ATTRIBUTE_VALUE_INVALID, Fault.SETTINGS),
          Map.entry(Ckr.ATTRIBUTE_READ_ONLY, Fault.SETTINGS),
          Map.entry(Ckr.TOKEN_WRITE_PROTECTED, Fault.SETTINGS),
          Map.entry(Ckr.SESSION_READ_ONLY, Fault.SETTINGS));

  private static final Set<Long> BAD_CIPHERTEXT =
      Set.of(
          Ckr.ENCRYPTED_DATA_INVALID,
          Ckr.ENCRYPTED_DATA_LEN_RANGE,
          Ckr.DATA_INVALID,
          Ckr.DATA_LEN_RANGE,
          Ckr.AEAD_DECRYPT_FAILED);

  private static final Set<Long> BAD_WRAPPING =
      Set.of(
          Ckr.WRAPPED_KEY_INVALID,
          Ckr.WRAPPED_KEY_LEN_RANGE,
          Ckr.ENCRYPTED_DATA_INVALID,
          Ckr.ENCRYPTED_DATA_LEN_RANGE);

  /** SoftHSM's and nShield's codes for a tag that does not fit. */
  private static final Set<Long> AMBIGUOUS = Set.of(Ckr.GENERAL_ERROR, Ckr.FUNCTION_FAILED);

  private FaultTable() {}

  static Fault of(Pkcs11Exception failure) {
    long code = failure.code();
    boolean decrypts = failure.function() == CkFunction.DECRYPT;
    boolean unwraps = failure.function() == CkFunction.UNWRAP_KEY;
    if ((decrypts && BAD_CIPHERTEXT.contains(code)) || (unwraps && BAD_WRAPPING.contains(code))) {
      return Fault.BAD_CIPHERTEXT;
    }
    if ((decrypts || unwraps) && AMBIGUOUS.contains(code)) {
      return Fault.BAD_CIPHERTEXT_OR_DEVICE;
    }
    return MEANINGS.getOrDefault(code, Fault.DEVICE);
  }
}
