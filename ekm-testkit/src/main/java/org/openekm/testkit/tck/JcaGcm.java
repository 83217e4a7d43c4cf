// SPDX-License-Identifier: Apache-2.0
package org.openekm.testkit.tck;

import java.security.GeneralSecurityException;
import java.util.Arrays;
import javax.crypto.Cipher;
import javax.crypto.spec.GCMParameterSpec;
import javax.crypto.spec.SecretKeySpec;
import org.openekm.api.Bytes;
import org.openekm.api.DecryptRequest.Sealed;

/** AES-GCM by the JDK: the kit's own opinion of what a ciphertext must be. */
final class JcaGcm {

  private static final int TAG_BYTES = 16;

  private JcaGcm() {}

  static Sealed encrypt(byte[] key, byte[] iv, byte[] plaintext, byte[] aad) {
    try {
      Cipher cipher = Cipher.getInstance("AES/GCM/NoPadding");
      cipher.init(
          Cipher.ENCRYPT_MODE,
          new SecretKeySpec(key, "AES"),
          new GCMParameterSpec(TAG_BYTES * 8, iv));
      cipher.updateAAD(aad);
      byte[] output = cipher.doFinal(plaintext);
      int length = output.length - TAG_BYTES;
      return new Sealed(
          Bytes.copyOf(iv),
          Bytes.adopt(Arrays.copyOf(output, length)),
          Bytes.copyOf(output, length, TAG_BYTES));
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("this Java has no AES-GCM", e);
    }
  }
}
