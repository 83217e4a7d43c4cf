// SPDX-License-Identifier: Apache-2.0
package org.openekm.core.admin;

import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.PublicKey;
import java.security.SecureRandom;
import java.security.interfaces.RSAPrivateKey;
import java.security.spec.MGF1ParameterSpec;
import java.util.Arrays;
import java.util.Optional;
import javax.crypto.Cipher;
import javax.crypto.spec.OAEPParameterSpec;
import javax.crypto.spec.PSource;
import javax.crypto.spec.SecretKeySpec;
import org.jspecify.annotations.Nullable;
import org.openekm.api.Bytes;
import org.openekm.api.SecretBytes;
import org.openekm.core.internal.wrap.PaddedKeyWrap;

/**
 * The RSA key that key material can be wrapped for. It is made when it is first asked for, lives in
 * this process's memory only and ends with it, so that what was once sent here can't be opened
 * later by whoever gets hold of the server's files.
 *
 * <p>Thread-safe.
 */
final class ImportKey {

  private static final int RSA_BITS = 3072;
  private static final int RSA_BYTES = RSA_BITS / Byte.SIZE;
  private static final int AES_BYTES = 32;
  private static final int MOST_BYTES = RSA_BYTES + 1024;

  private final SecureRandom random;
  private @Nullable KeyPair pair;

  ImportKey(SecureRandom random) {
    this.random = random;
  }

  PublicKey publicKey() {
    return pair().getPublic();
  }

  /**
   * Opens wrapped material. Why it can't be opened is not told, not even by the time it takes to
   * find out: each step is done whatever became of the one before.
   *
   * @return the material, which the caller destroys; absent if it can't be opened
   */
  Optional<SecretBytes> open(Bytes wrapped) {
    if (wrapped.length() <= RSA_BYTES || wrapped.length() > MOST_BYTES) {
      return Optional.empty();
    }
    byte[] aes = aesKey(wrapped.slice(0, RSA_BYTES));
    try {
      Bytes material = wrapped.slice(RSA_BYTES, wrapped.length() - RSA_BYTES);
      return Optional.of(PaddedKeyWrap.unwrap(new SecretKeySpec(aes, "AES"), material));
    } catch (GeneralSecurityException e) {
      return Optional.empty();
    } finally {
      Arrays.fill(aes, (byte) 0);
    }
  }

  /** Returns the AES key, or a random one that will open nothing. */
  private byte[] aesKey(Bytes encrypted) {
    byte[] other = new byte[AES_BYTES];
    random.nextBytes(other);
    byte[] opened;
    try {
      Cipher cipher = Cipher.getInstance("RSA/ECB/OAEPPadding");
      cipher.init(
          Cipher.DECRYPT_MODE,
          (RSAPrivateKey) pair().getPrivate(),
          new OAEPParameterSpec(
              "SHA-256", "MGF1", MGF1ParameterSpec.SHA256, PSource.PSpecified.DEFAULT));
      opened = cipher.doFinal(encrypted.toByteArray());
    } catch (GeneralSecurityException e) {
      return other;
    }
    if (opened.length == AES_BYTES) {
      return opened;
    }
    Arrays.fill(opened, (byte) 0);
    return other;
  }

  private synchronized KeyPair pair() {
    KeyPair present = pair;
    if (present == null) {
      present = generated();
      pair = present;
    }
    return present;
  }

  private KeyPair generated() {
    try {
      KeyPairGenerator generator = KeyPairGenerator.getInstance("RSA");
      generator.initialize(RSA_BITS, random);
      return generator.generateKeyPair();
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("every Java has RSA", e);
    }
  }
}
