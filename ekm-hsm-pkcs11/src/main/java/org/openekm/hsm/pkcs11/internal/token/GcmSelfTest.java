// SPDX-License-Identifier: Apache-2.0
package org.openekm.hsm.pkcs11.internal.token;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.openekm.api.DecryptRequest.Sealed;
import org.openekm.api.SecretBytes;
import org.openekm.hsm.pkcs11.internal.cryptoki.Pkcs11Exception;
import org.openekm.spi.backend.BackendCiphertext;
import org.openekm.spi.backend.BackendException;

/**
 * Tries a key before it is used for the first time: two encryptions with different IVs, a
 * decryption, and one with the wrong additional data, which must fail.
 */
final class GcmSelfTest {

  private static final byte[] TEXT = "openekm selftest".getBytes(StandardCharsets.US_ASCII);
  private static final byte[] AAD = "right".getBytes(StandardCharsets.US_ASCII);
  private static final byte[] OTHER_AAD = "wrong".getBytes(StandardCharsets.US_ASCII);

  private GcmSelfTest() {}

  /**
   * Runs it.
   *
   * @throws BackendException.Misconfigured if the token computes something else than AES-GCM
   */
  static void run(GcmCipher cipher, TokenSession session, long key) {
    BackendCiphertext first = cipher.encrypt(session, key, TEXT, AAD);
    BackendCiphertext second = cipher.encrypt(session, key, TEXT, AAD);
    if (first.iv().equals(second.iv()) || first.ciphertext().equals(second.ciphertext())) {
      throw failed("two encryptions used one IV");
    }
    Sealed sealed = new Sealed(first.iv(), first.ciphertext(), first.tag());
    try (SecretBytes back = cipher.decrypt(session, key, sealed, AAD)) {
      if (!back.read(bytes -> Arrays.equals(bytes, TEXT))) {
        throw failed("a decryption did not give the plaintext");
      }
    }
    if (acceptsOtherAad(cipher, session, key, sealed)) {
      throw failed("a decryption with the wrong additional data succeeded");
    }
  }

  private static boolean acceptsOtherAad(
      GcmCipher cipher, TokenSession session, long key, Sealed sealed) {
    try (SecretBytes accepted = cipher.decrypt(session, key, sealed, OTHER_AAD)) {
      return accepted.length() >= 0;
    } catch (Pkcs11Exception e) {
      Fault fault = FaultTable.of(e);
      if (fault == Fault.BAD_CIPHERTEXT || fault == Fault.BAD_CIPHERTEXT_OR_DEVICE) {
        return false;
      }
      throw e;
    }
  }

  private static BackendException failed(String what) {
    return new BackendException.Misconfigured(
        "the token's AES-GCM fails its self-test: " + what + "; the key is not used", null);
  }
}
