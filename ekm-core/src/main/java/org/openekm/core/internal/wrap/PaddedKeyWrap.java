// SPDX-License-Identifier: Apache-2.0
package org.openekm.core.internal.wrap;

import java.security.GeneralSecurityException;
import javax.crypto.Cipher;
import javax.crypto.IllegalBlockSizeException;
import javax.crypto.SecretKey;
import org.openekm.api.Bytes;
import org.openekm.api.SecretBytes;

/** AES key wrap with padding, RFC 5649. */
public final class PaddedKeyWrap {

  private static final int LEAST = 16;
  private static final int BLOCK = 8;

  private PaddedKeyWrap() {}

  /**
   * Opens what was wrapped.
   *
   * @param key an AES key
   * @return the content, which the caller destroys
   * @throws GeneralSecurityException if it was wrapped under another key, or is damaged
   */
  public static SecretBytes unwrap(SecretKey key, Bytes wrapped) throws GeneralSecurityException {
    // The platform's own check of the length misses some.
    if (wrapped.length() < LEAST || wrapped.length() % BLOCK != 0) {
      throw new IllegalBlockSizeException("wrapped keys have at least 16 bytes, in steps of 8");
    }
    Cipher cipher = Cipher.getInstance("AES/KWP/NoPadding");
    cipher.init(Cipher.DECRYPT_MODE, key);
    return SecretBytes.adopt(cipher.doFinal(wrapped.toByteArray()));
  }
}
