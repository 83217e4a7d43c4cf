// SPDX-License-Identifier: Apache-2.0
package org.openekm.testkit.tck;

import java.nio.ByteBuffer;
import java.security.GeneralSecurityException;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.LockSupport;
import javax.crypto.Cipher;
import javax.crypto.spec.GCMParameterSpec;
import javax.crypto.spec.IvParameterSpec;
import javax.crypto.spec.SecretKeySpec;
import org.openekm.api.Bytes;
import org.openekm.api.Deadline;
import org.openekm.api.DecryptRequest.Sealed;
import org.openekm.api.SecretBytes;
import org.openekm.spi.backend.BackendCiphertext;
import org.openekm.spi.backend.BackendException;
import org.openekm.spi.backend.BackendException.AuthenticationTagMismatch;
import org.openekm.spi.backend.BackendKeyRef;
import org.openekm.testkit.fake.FakeKeyBackend;

/** A backend with one thing wrong in its encryption or decryption. */
final class BrokenCipherBackend extends ForwardingBackend {

  /** What is wrong. */
  enum Flaw {
    IV_COUNTER_RESTARTS_ON_OPEN,
    IV_IS_CONSTANT,
    IV_HAS_ONE_BYTE,
    IGNORES_AAD,
    CIPHER_IS_NOT_GCM,
    CHECKS_NO_TAG,
    TAKES_SHORT_TAGS,
    IGNORES_THE_REST_OF_A_LONG_TAG,
    MISMATCH_IS_UNAVAILABLE,
    MISMATCH_IS_ANOTHER_EXCEPTION,
    STUCK_AFTER_A_MISMATCH,
    TELLS_THE_PLAINTEXT,
    DESTROYS_THE_PLAINTEXT,
    GIVES_ONE_PLAINTEXT_TWICE,
    LIMIT_IS_SMALLER_THAN_DECLARED,
    MIXES_UP_THREADS
  }

  private final Flaw flaw;
  private final Map<Sealed, SecretBytes> given = new ConcurrentHashMap<>();
  private int counter;
  private boolean stuck;
  private volatile Bytes currentAad = Bytes.empty();

  BrokenCipherBackend(FakeKeyBackend right, Flaw flaw) {
    super(right);
    this.flaw = flaw;
  }

  @Override
  public BackendCiphertext encrypt(
      BackendKeyRef key, SecretBytes plaintext, Bytes aad, Deadline deadline) {
    return switch (flaw) {
      case IV_COUNTER_RESTARTS_ON_OPEN ->
          encryptWithIv(nextIv(Integer.MAX_VALUE), key, plaintext, aad, deadline);
      case IV_HAS_ONE_BYTE -> encryptWithIv(nextIv(256), key, plaintext, aad, deadline);
      case IV_IS_CONSTANT -> encryptWithIv(iv(7), key, plaintext, aad, deadline);
      case IGNORES_AAD -> right.encrypt(key, plaintext, Bytes.empty(), deadline);
      case CIPHER_IS_NOT_GCM -> swapped(right.encrypt(key, plaintext, aad, deadline));
      case STUCK_AFTER_A_MISMATCH -> encryptUnlessStuck(key, plaintext, aad, deadline);
      case DESTROYS_THE_PLAINTEXT -> encryptAndDestroy(key, plaintext, aad, deadline);
      case LIMIT_IS_SMALLER_THAN_DECLARED -> encryptSmall(key, plaintext, aad, deadline);
      case MIXES_UP_THREADS -> encryptByField(key, plaintext, aad, deadline);
      default -> right.encrypt(key, plaintext, aad, deadline);
    };
  }

  @Override
  public SecretBytes decrypt(BackendKeyRef key, Sealed parts, Bytes aad, Deadline deadline) {
    return switch (flaw) {
      case IGNORES_AAD -> right.decrypt(key, parts, Bytes.empty(), deadline);
      case CIPHER_IS_NOT_GCM -> right.decrypt(key, swappedBack(parts), aad, deadline);
      case CHECKS_NO_TAG -> decryptByCounter(key, parts, deadline);
      case TAKES_SHORT_TAGS -> decryptShortTag(key, parts, aad, deadline);
      case IGNORES_THE_REST_OF_A_LONG_TAG -> right.decrypt(key, cutTag(parts), aad, deadline);
      case GIVES_ONE_PLAINTEXT_TWICE ->
          given.computeIfAbsent(parts, ignored -> right.decrypt(key, parts, aad, deadline));
      default -> decryptOrMisbehave(key, parts, aad, deadline);
    };
  }

  private SecretBytes decryptOrMisbehave(
      BackendKeyRef key, Sealed parts, Bytes aad, Deadline deadline) {
    try {
      return right.decrypt(key, parts, aad, deadline);
    } catch (AuthenticationTagMismatch e) {
      stuck = true;
      throw switch (flaw) {
        case MISMATCH_IS_UNAVAILABLE -> new BackendException.Unavailable("general error", true, e);
        case MISMATCH_IS_ANOTHER_EXCEPTION -> new IllegalStateException("decrypt", e);
        case TELLS_THE_PLAINTEXT ->
            new AuthenticationTagMismatch("bad tag for " + peek(key, parts, deadline), e);
        default -> e;
      };
    }
  }

  private BackendCiphertext encryptWithIv(
      byte[] iv, BackendKeyRef key, SecretBytes plaintext, Bytes aad, Deadline deadline) {
    byte[] material = material(key, deadline);
    Sealed made = plaintext.read(bytes -> JcaGcm.encrypt(material, iv, bytes, aad.toByteArray()));
    return new BackendCiphertext(made.iv(), made.ciphertext(), made.tag());
  }

  private BackendCiphertext encryptUnlessStuck(
      BackendKeyRef key, SecretBytes plaintext, Bytes aad, Deadline deadline) {
    if (stuck) {
      throw new BackendException.Unavailable("an operation is active", false, null);
    }
    return right.encrypt(key, plaintext, aad, deadline);
  }

  private BackendCiphertext encryptAndDestroy(
      BackendKeyRef key, SecretBytes plaintext, Bytes aad, Deadline deadline) {
    try (plaintext) {
      return right.encrypt(key, plaintext, aad, deadline);
    }
  }

  private BackendCiphertext encryptSmall(
      BackendKeyRef key, SecretBytes plaintext, Bytes aad, Deadline deadline) {
    if (plaintext.length() >= capabilities().maxPlaintextBytes()) {
      throw new BackendException.Misconfigured("too long", null);
    }
    return right.encrypt(key, plaintext, aad, deadline);
  }

  private BackendCiphertext encryptByField(
      BackendKeyRef key, SecretBytes plaintext, Bytes aad, Deadline deadline) {
    currentAad = aad;
    LockSupport.parkNanos(200_000);
    return right.encrypt(key, plaintext, currentAad, deadline);
  }

  /** GCM without its tag is counter mode that begins at two. */
  private SecretBytes decryptByCounter(BackendKeyRef key, Sealed parts, Deadline deadline) {
    try {
      byte[] start = Arrays.copyOf(parts.iv().toByteArray(), 16);
      start[15] = 2;
      Cipher cipher = Cipher.getInstance("AES/CTR/NoPadding");
      cipher.init(
          Cipher.DECRYPT_MODE,
          new SecretKeySpec(material(key, deadline), "AES"),
          new IvParameterSpec(start));
      return SecretBytes.adopt(cipher.doFinal(parts.ciphertext().toByteArray()));
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("no counter mode", e);
    }
  }

  private SecretBytes decryptShortTag(
      BackendKeyRef key, Sealed parts, Bytes aad, Deadline deadline) {
    if (parts.tag().length() < 12 || parts.tag().length() > 15) {
      return right.decrypt(key, parts, aad, deadline);
    }
    try {
      Cipher cipher = Cipher.getInstance("AES/GCM/NoPadding");
      cipher.init(
          Cipher.DECRYPT_MODE,
          new SecretKeySpec(material(key, deadline), "AES"),
          new GCMParameterSpec(parts.tag().length() * 8, parts.iv().toByteArray()));
      cipher.updateAAD(aad.toByteArray());
      cipher.update(parts.ciphertext().toByteArray());
      return SecretBytes.adopt(cipher.doFinal(parts.tag().toByteArray()));
    } catch (GeneralSecurityException e) {
      throw new AuthenticationTagMismatch("bad tag", e);
    }
  }

  private String peek(BackendKeyRef key, Sealed parts, Deadline deadline) {
    return HexFormat.of().formatHex(decryptByCounter(key, parts, deadline).toByteArray());
  }

  private static Sealed cutTag(Sealed parts) {
    boolean tooLong = parts.tag().length() > 16;
    return tooLong ? new Sealed(parts.iv(), parts.ciphertext(), parts.tag().slice(0, 16)) : parts;
  }

  /** Another cipher: right in itself, but nobody else can read it. */
  private static BackendCiphertext swapped(BackendCiphertext made) {
    return new BackendCiphertext(made.iv(), inverted(made.ciphertext()), made.tag());
  }

  private static Sealed swappedBack(Sealed parts) {
    return new Sealed(parts.iv(), inverted(parts.ciphertext()), parts.tag());
  }

  private static Bytes inverted(Bytes bytes) {
    byte[] copy = bytes.toByteArray();
    for (int i = 0; i < copy.length; i++) {
      copy[i] = (byte) ~copy[i];
    }
    return Bytes.adopt(copy);
  }

  private synchronized byte[] nextIv(int modulus) {
    counter++;
    return iv(counter % modulus);
  }

  private static byte[] iv(int number) {
    return ByteBuffer.allocate(12).putInt(1).putInt(0).putInt(number).array();
  }
}
