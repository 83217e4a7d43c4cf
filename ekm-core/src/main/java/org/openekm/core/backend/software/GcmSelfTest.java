// SPDX-License-Identifier: Apache-2.0
package org.openekm.core.backend.software;

import java.util.Arrays;
import org.openekm.api.Bytes;
import org.openekm.api.SecretBytes;
import org.openekm.spi.backend.BackendException;

/**
 * Computes a known answer (NIST's GCM test case 14: everything zero, AES-256), so that a broken
 * cipher is noticed.
 */
final class GcmSelfTest {

  private static final Bytes EXPECTED =
      Bytes.ofHex("cea7403d4d606b6e074ec5d3baf39d18d0d1c8a799996bf0265b98b5d48ab919");

  private GcmSelfTest() {}

  /**
   * Runs the test in both directions.
   *
   * @throws BackendException.Unavailable if the answer is wrong
   */
  static void run() {
    // Ciphers of its own: the platform refuses to encrypt twice under the same key and IV.
    GcmCiphers ciphers = new GcmCiphers();
    AesKey key = new AesKey(SecretBytes.adopt(new byte[32]));
    byte[] iv = new byte[GcmCiphers.IV_BYTES];
    byte[] plaintext = new byte[16];
    byte[] sealed = ciphers.encrypt(key, iv, new byte[0], plaintext);
    if (!Arrays.equals(sealed, EXPECTED.toByteArray())) {
      throw wrong();
    }
    try (SecretBytes opened = ciphers.decrypt(key, iv, new byte[0], sealed)) {
      if (!opened.equals(SecretBytes.adopt(plaintext))) {
        throw wrong();
      }
    }
  }

  private static BackendException wrong() {
    return new BackendException.Unavailable(
        "this Java's AES-GCM gives wrong answers; use another Java", false, null);
  }
}
