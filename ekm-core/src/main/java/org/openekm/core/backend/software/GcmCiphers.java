// SPDX-License-Identifier: Apache-2.0
package org.openekm.core.backend.software;

import java.security.GeneralSecurityException;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import javax.crypto.AEADBadTagException;
import javax.crypto.Cipher;
import javax.crypto.spec.GCMParameterSpec;
import org.openekm.api.SecretBytes;
import org.openekm.spi.backend.BackendException;

/**
 * Computes AES-GCM with a 96-bit IV and a 128-bit tag. Looking a cipher up in the platform costs
 * more than a small encryption, so used ones are kept; there are never more than threads have
 * computed at once. Thread-safe.
 */
final class GcmCiphers {

  static final int IV_BYTES = 12;
  static final int TAG_BYTES = 16;

  private static final String TRANSFORMATION = "AES/GCM/NoPadding";

  private final Queue<Cipher> idle = new ConcurrentLinkedQueue<>();

  /** Returns the ciphertext with the tag at its end. */
  byte[] encrypt(AesKey key, byte[] iv, byte[] aad, byte[] plaintext) {
    return compute(Cipher.ENCRYPT_MODE, key, iv, aad, plaintext);
  }

  /**
   * Returns the plaintext, which the caller wipes.
   *
   * @param sealed the ciphertext with the tag at its end
   * @throws BackendException.AuthenticationTagMismatch if the tag does not fit
   */
  SecretBytes decrypt(AesKey key, byte[] iv, byte[] aad, byte[] sealed) {
    return SecretBytes.adopt(compute(Cipher.DECRYPT_MODE, key, iv, aad, sealed));
  }

  /** Lets go of all ciphers, which still remember the last key that they were used with. */
  void forget() {
    idle.clear();
  }

  private byte[] compute(int mode, AesKey key, byte[] iv, byte[] aad, byte[] input) {
    try {
      Cipher pooled = idle.poll();
      Cipher cipher = pooled == null ? Cipher.getInstance(TRANSFORMATION) : pooled;
      cipher.init(mode, key, new GCMParameterSpec(TAG_BYTES * Byte.SIZE, iv));
      cipher.updateAAD(aad);
      byte[] output = cipher.doFinal(input);
      idle.offer(cipher);
      return output;
    } catch (AEADBadTagException e) {
      throw new BackendException.AuthenticationTagMismatch(
          "the authentication tag does not fit", e);
    } catch (GeneralSecurityException e) {
      throw new BackendException.Unavailable("this Java's AES-GCM failed", false, e);
    }
  }
}
