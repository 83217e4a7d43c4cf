// SPDX-License-Identifier: Apache-2.0
package org.openekm.testkit.mutant;

import java.nio.ByteBuffer;
import java.security.GeneralSecurityException;
import java.security.SecureRandom;
import java.util.Arrays;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;
import javax.crypto.Cipher;
import javax.crypto.spec.GCMParameterSpec;
import javax.crypto.spec.IvParameterSpec;
import javax.crypto.spec.SecretKeySpec;

/** AES-GCM, right but for its flaw. Thread-safe. */
final class Cryptor {

  private static final int IV_BYTES = 12;
  private static final int TAG_BYTES = 16;

  private final SecureRandom random = new SecureRandom();
  private final AtomicLong counter = new AtomicLong();
  private final Flaws flaws;

  Cryptor(Flaws flaws) {
    this.flaws = flaws;
  }

  /** What an encryption gives. */
  static final class Sealed {
    final byte[] ciphertext;
    final byte[] iv;
    final byte[] tag;

    Sealed(byte[] ciphertext, byte[] iv, byte[] tag) {
      this.ciphertext = ciphertext;
      this.iv = iv;
      this.tag = tag;
    }
  }

  byte[] random(int length) {
    byte[] bytes = new byte[length];
    if (!flaws.has(Mutation.RANDOM_CONSTANT)) {
      random.nextBytes(bytes);
    }
    return bytes;
  }

  Sealed encrypt(byte[] key, byte[] plaintext, byte[] aad, byte[] callerIv) {
    byte[] iv = callerIv.length > 0 ? callerIv : iv();
    try {
      byte[] all = gcm(Cipher.ENCRYPT_MODE, key, iv, aad).doFinal(plaintext);
      byte[] ciphertext =
          flaws.has(Mutation.TAG_APPENDED) ? all : Arrays.copyOf(all, plaintext.length);
      return new Sealed(ciphertext, iv, Arrays.copyOfRange(all, plaintext.length, all.length));
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("AES-GCM does not work here", e);
    }
  }

  private byte[] iv() {
    long number = counter.getAndIncrement();
    if (flaws.has(Mutation.IV_REPEATS)) {
      return ByteBuffer.allocate(IV_BYTES).putLong(0x5DEECE66DL * (number / 2 + 1)).array();
    }
    if (flaws.has(Mutation.IV_COUNTER)) {
      return ByteBuffer.allocate(IV_BYTES).putInt(7).putLong(number).array();
    }
    byte[] iv = new byte[flaws.has(Mutation.IV_16_BYTES) ? 16 : IV_BYTES];
    if (!flaws.has(Mutation.IV_CONSTANT)) {
      random.nextBytes(iv);
    }
    return iv;
  }

  /** Returns nothing if ciphertext, IV, tag and AAD don't belong together. */
  Optional<byte[]> decrypt(byte[] key, Sealed sealed, byte[] aad) {
    try {
      return Optional.of(opened(key, sealed, aad));
    } catch (GeneralSecurityException e) {
      return Optional.empty();
    }
  }

  private byte[] opened(byte[] key, Sealed sealed, byte[] aad) throws GeneralSecurityException {
    byte[] tag = sealed.tag;
    if (flaws.has(Mutation.TAG_UNCHECKED)) {
      return withoutTag(key, sealed);
    }
    if (flaws.has(Mutation.SHORT_TAG_TAKEN) && tag.length < TAG_BYTES) {
      byte[] plaintext = withoutTag(key, sealed);
      byte[] right = encrypt(key, plaintext, aad, sealed.iv).tag;
      if (!Arrays.equals(tag, Arrays.copyOf(right, tag.length))) {
        throw new GeneralSecurityException("tag");
      }
      return plaintext;
    }
    byte[] all = Arrays.copyOf(sealed.ciphertext, sealed.ciphertext.length + tag.length);
    System.arraycopy(tag, 0, all, sealed.ciphertext.length, tag.length);
    return gcm(Cipher.DECRYPT_MODE, key, sealed.iv, aad).doFinal(all);
  }

  /** GCM encrypts by counter mode, from a counter of two on if the IV has 12 bytes. */
  private byte[] withoutTag(byte[] key, Sealed sealed) throws GeneralSecurityException {
    Cipher cipher = Cipher.getInstance("AES/CTR/NoPadding");
    byte[] start =
        ByteBuffer.allocate(16).put(Arrays.copyOf(sealed.iv, IV_BYTES)).putInt(2).array();
    cipher.init(Cipher.DECRYPT_MODE, spec(key), new IvParameterSpec(start));
    return cipher.doFinal(sealed.ciphertext);
  }

  private Cipher gcm(int mode, byte[] key, byte[] iv, byte[] aad) throws GeneralSecurityException {
    Cipher cipher = Cipher.getInstance("AES/GCM/NoPadding");
    byte[] used = iv;
    if (mode == Cipher.DECRYPT_MODE && flaws.has(Mutation.ANY_IV_LENGTH)) {
      used = Arrays.copyOf(iv, IV_BYTES);
    }
    cipher.init(mode, spec(key), new GCMParameterSpec(8 * TAG_BYTES, used));
    if (!flaws.has(Mutation.AAD_IGNORED)) {
      cipher.updateAAD(aad);
    }
    return cipher;
  }

  private SecretKeySpec spec(byte[] key) {
    return new SecretKeySpec(
        flaws.has(Mutation.HALF_KEY) ? Arrays.copyOf(key, key.length / 2) : key, "AES");
  }
}
