// SPDX-License-Identifier: Apache-2.0
package org.openekm.core.backend.software;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.security.GeneralSecurityException;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.openekm.api.SecretBytes;

/**
 * The three keys that a keystore draws from its key-encryption key, so that no key serves two
 * purposes: one wraps keys, one authenticates the file, one is public and tells whether the
 * key-encryption key is the right one. Thread-safe.
 */
final class KekKeys implements AutoCloseable {

  private static final String HMAC = "HmacSHA256";

  private final AesKey wrappingKey;
  private final SecretBytes macKey;
  private final byte[] checkValue;

  /**
   * Derives the keys.
   *
   * @param kek 32 bytes; stays the caller's
   * @param salt the keystore's own random bytes
   */
  KekKeys(SecretBytes kek, byte[] salt) {
    wrappingKey = new AesKey(SecretBytes.adopt(derive(kek, "openekm keystore wrap", salt)));
    macKey = SecretBytes.adopt(derive(kek, "openekm keystore mac", salt));
    checkValue = derive(kek, "openekm keystore check", salt);
  }

  AesKey wrappingKey() {
    return wrappingKey;
  }

  /** Returns 32 bytes that tell nothing about the key but whether another one is the same. */
  byte[] checkValue() {
    return checkValue.clone();
  }

  /** Returns the authentication code of the first {@code length} bytes. */
  byte[] mac(byte[] data, int length) {
    return macKey.read(
        key -> {
          Mac mac = hmac(key);
          mac.update(data, 0, length);
          return mac.doFinal();
        });
  }

  @Override
  public void close() {
    wrappingKey.destroy();
    macKey.destroy();
  }

  private static byte[] derive(SecretBytes kek, String purpose, byte[] salt) {
    return kek.read(
        key -> {
          Mac mac = hmac(key);
          mac.update(purpose.getBytes(US_ASCII));
          mac.update((byte) 0);
          return mac.doFinal(salt);
        });
  }

  private static Mac hmac(byte[] key) {
    try {
      Mac mac = Mac.getInstance(HMAC);
      mac.init(new SecretKeySpec(key, HMAC));
      return mac;
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("this Java has no " + HMAC, e);
    }
  }
}
