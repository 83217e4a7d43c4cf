// SPDX-License-Identifier: Apache-2.0
package org.openekm.core.backend.software;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.security.GeneralSecurityException;
import java.security.SecureRandom;
import java.time.InstantSource;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.openekm.api.Bytes;
import org.openekm.api.Deadline;
import org.openekm.api.DecryptRequest.Sealed;
import org.openekm.api.SecretBytes;
import org.openekm.core.internal.wrap.PaddedKeyWrap;
import org.openekm.spi.CheckResult;
import org.openekm.spi.backend.BackendCiphertext;
import org.openekm.spi.backend.BackendException;
import org.openekm.spi.backend.BackendFeature;
import org.openekm.spi.backend.BackendKeyInfo;
import org.openekm.spi.backend.BackendKeyRef;
import org.openekm.spi.backend.Capabilities;
import org.openekm.spi.backend.Capabilities.IvSource;
import org.openekm.spi.backend.KeyBackend;
import org.openekm.spi.backend.NewKey;

/**
 * Keys in an encrypted file and in this process's memory.
 *
 * <p>What it is worth: whoever has the file alone learns nothing; whoever can read the process's
 * memory, or has the file and the key-encryption key, has the keys. Destroying a key overwrites our
 * copies in memory and removes it from the file; copies inside the platform's ciphers wait for the
 * garbage collector, and a disk or backup may keep old blocks. An older copy of the whole file can
 * be put back unnoticed by whoever can write to its directory.
 */
final class SoftwareKeyBackend implements KeyBackend {

  private static final int MAX_BYTES = 1 << 16;
  private static final int MAX_CALLS = 256;
  private static final Set<Integer> KEY_LENGTHS = Set.of(16, 24, 32);
  private static final Capabilities CAPABILITIES =
      new Capabilities(
          IvSource.HOST,
          MAX_BYTES,
          MAX_BYTES,
          KEY_LENGTHS,
          EnumSet.allOf(BackendFeature.class),
          MAX_CALLS);
  private static final List<String> WARNINGS =
      List.of(
          "the key is kept in software: whoever has the keystore file and its key-encryption key has the key");

  private final Keystore keystore;
  private final GcmCiphers ciphers;
  private final SecureRandom random;
  private final InstantSource clock;
  private final ReentrantLock changing = new ReentrantLock();
  private volatile boolean closed;

  SoftwareKeyBackend(
      Keystore keystore, GcmCiphers ciphers, SecureRandom random, InstantSource clock) {
    this.keystore = keystore;
    this.ciphers = ciphers;
    this.random = random;
    this.clock = clock;
  }

  @Override
  public Capabilities capabilities() {
    return CAPABILITIES;
  }

  @Override
  public BackendCiphertext encrypt(
      BackendKeyRef key, SecretBytes plaintext, Bytes aad, Deadline deadline) {
    begin(deadline);
    requireFits(
        plaintext.length() >= 1 && plaintext.length() <= MAX_BYTES,
        "plaintext must have 1 to 65536 bytes");
    requireFits(aad.length() <= MAX_BYTES, "AAD must have at most 65536 bytes");
    byte[] iv = new byte[GcmCiphers.IV_BYTES];
    random.nextBytes(iv);
    byte[] aadBytes = aad.toByteArray();
    byte[] sealed =
        withKey(key, aes -> plaintext.read(bytes -> ciphers.encrypt(aes, iv, aadBytes, bytes)));
    int length = sealed.length - GcmCiphers.TAG_BYTES;
    return new BackendCiphertext(
        Bytes.adopt(iv),
        Bytes.copyOf(sealed, 0, length),
        Bytes.copyOf(sealed, length, GcmCiphers.TAG_BYTES));
  }

  @Override
  public SecretBytes decrypt(BackendKeyRef key, Sealed sealed, Bytes aad, Deadline deadline) {
    begin(deadline);
    requireFits(
        sealed.ciphertext().length() <= MAX_BYTES && aad.length() <= MAX_BYTES,
        "ciphertext and AAD must have at most 65536 bytes each");
    AesKey aes = find(key).key();
    if (sealed.iv().length() != GcmCiphers.IV_BYTES
        || sealed.tag().length() != GcmCiphers.TAG_BYTES) {
      throw new BackendException.AuthenticationTagMismatch(
          "the IV must have 12 bytes and the tag 16", null);
    }
    byte[] input = new byte[sealed.ciphertext().length() + GcmCiphers.TAG_BYTES];
    sealed.ciphertext().copyTo(input, 0);
    sealed.tag().copyTo(input, sealed.ciphertext().length());
    return using(
        key, aes, k -> ciphers.decrypt(k, sealed.iv().toByteArray(), aad.toByteArray(), input));
  }

  @Override
  public SecretBytes randomBytes(int length, Deadline deadline) {
    begin(deadline);
    byte[] bytes = new byte[length];
    random.nextBytes(bytes);
    return SecretBytes.adopt(bytes);
  }

  @Override
  public BackendKeyRef generateKey(NewKey newKey, Deadline deadline) {
    return change(
        deadline,
        () -> {
          requireKeyLength(newKey.lengthBytes());
          BackendKeyRef ref = StoredKey.refOf(newKey.version());
          StoredKey earlier = keystore.find(ref).orElse(null);
          if (earlier != null) {
            requireSameLength(earlier, newKey);
            return ref;
          }
          byte[] material = new byte[newKey.lengthBytes()];
          random.nextBytes(material);
          return keep(newKey, SecretBytes.adopt(material));
        });
  }

  @Override
  public BackendKeyRef importKey(NewKey newKey, SecretBytes material, Deadline deadline) {
    return change(
        deadline,
        () -> {
          requireKeyLength(newKey.lengthBytes());
          if (material.length() != newKey.lengthBytes()) {
            throw new BackendException.KeyUnusable(
                "the key material has " + material.length() + " bytes, not " + newKey.lengthBytes(),
                null);
          }
          BackendKeyRef ref = StoredKey.refOf(newKey.version());
          StoredKey earlier = keystore.find(ref).orElse(null);
          if (earlier == null) {
            return keep(newKey, material.copy());
          }
          if (!earlier.key().holds(material)) {
            throw new BackendException.KeyUnusable(
                "version "
                    + newKey.version()
                    + " already has another key; import it as a new version",
                null);
          }
          return ref;
        });
  }

  @Override
  public BackendKeyRef unwrapKey(
      NewKey newKey, BackendKeyRef wrappingKey, Bytes wrapped, Deadline deadline) {
    begin(deadline);
    try (SecretBytes material = withKey(wrappingKey, aes -> opened(aes, wrapped))) {
      return importKey(newKey, material, deadline);
    }
  }

  private static SecretBytes opened(AesKey key, Bytes wrapped) {
    try {
      return PaddedKeyWrap.unwrap(key, wrapped);
    } catch (GeneralSecurityException e) {
      throw new BackendException.AuthenticationTagMismatch(
          "the wrapped key does not belong to the wrapping key", e);
    }
  }

  @Override
  public void destroyKey(BackendKeyRef key, Deadline deadline) {
    change(
        deadline,
        () -> {
          keystore.remove(key);
          ciphers.forget();
          return key;
        });
  }

  @Override
  public BackendKeyInfo inspectKey(BackendKeyRef key, Deadline deadline) {
    begin(deadline);
    return new BackendKeyInfo(key, find(key).key().lengthBytes(), WARNINGS);
  }

  @Override
  public CheckResult check(Deadline deadline) {
    try {
      begin(deadline);
      GcmSelfTest.run();
      keystore.refresh();
    } catch (BackendException | UncheckedIOException e) {
      return CheckResult.failed(String.valueOf(e.getMessage()));
    }
    if (!Files.isReadable(keystore.file())) {
      return CheckResult.failed(
          "keystore " + keystore.file() + " is gone or can't be read; put it back");
    }
    return CheckResult.ok("keystore " + keystore.file() + " holds " + keystore.size() + " keys");
  }

  @Override
  public void close() {
    changing.lock();
    try {
      closed = true;
      keystore.close();
      ciphers.forget();
    } catch (IOException e) {
      throw new BackendException.Unavailable(
          "keystore " + keystore.file() + " can't be closed", false, e);
    } finally {
      changing.unlock();
    }
  }

  private BackendKeyRef keep(NewKey newKey, SecretBytes material) throws IOException {
    AesKey key = new AesKey(material);
    boolean kept = false;
    try {
      StoredKey draft =
          new StoredKey(
              newKey.version(), newKey.label(), clock.millis(), Bytes.empty(), Bytes.empty(), key);
      StoredKey entry = keystore.add(draft);
      kept = true;
      return entry.ref();
    } finally {
      if (!kept) {
        key.destroy();
      }
    }
  }

  private BackendKeyRef change(Deadline deadline, Change work) {
    begin(deadline);
    takeTurn(deadline);
    try {
      begin(deadline);
      Keystore.Turn turn = keystore.turn();
      try {
        return work.run();
      } finally {
        turn.end();
      }
    } catch (IOException e) {
      throw new BackendException.Unavailable(
          "keystore "
              + keystore.file()
              + " can't be written: "
              + e.getMessage()
              + "; look at its disk",
          true,
          e);
    } finally {
      changing.unlock();
    }
  }

  private void takeTurn(Deadline deadline) {
    boolean taken;
    try {
      taken = changing.tryLock(Math.max(0, deadline.remainingNanos()), TimeUnit.NANOSECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new BackendException.Unavailable("interrupted", true, e);
    }
    if (!taken) {
      throw new BackendException.TimedOut("other changes of the keystore took too long", null);
    }
  }

  private void begin(Deadline deadline) {
    if (closed) {
      throw new BackendException.Unavailable("the software backend is closed", false, null);
    }
    if (deadline.expired()) {
      throw new BackendException.TimedOut("no time was left for the call", null);
    }
  }

  private StoredKey find(BackendKeyRef ref) {
    try {
      return keystore.find(ref).orElseThrow(() -> missing(ref, null));
    } catch (UncheckedIOException e) {
      throw new BackendException.Unavailable(
          "keystore " + keystore.file() + " can't be read again; look at its disk", true, e);
    }
  }

  private <T> T withKey(BackendKeyRef ref, Function<AesKey, T> work) {
    return using(ref, find(ref).key(), work);
  }

  private <T> T using(BackendKeyRef ref, AesKey key, Function<AesKey, T> work) {
    try {
      return work.apply(key);
    } catch (IllegalStateException e) {
      if (key.isDestroyed()) {
        throw missing(ref, e);
      }
      throw e;
    }
  }

  private static BackendException.KeyMissing missing(BackendKeyRef ref, @Nullable Throwable cause) {
    return new BackendException.KeyMissing("the keystore holds no key " + ref, cause);
  }

  private static void requireFits(boolean fits, String rule) {
    if (!fits) {
      throw new BackendException.Misconfigured(rule, null);
    }
  }

  private static void requireKeyLength(int lengthBytes) {
    if (!KEY_LENGTHS.contains(lengthBytes)) {
      throw new BackendException.KeyUnusable(
          "AES keys have 16, 24 or 32 bytes, not " + lengthBytes, null);
    }
  }

  private static void requireSameLength(StoredKey earlier, NewKey wanted) {
    if (earlier.key().lengthBytes() != wanted.lengthBytes()) {
      throw new BackendException.KeyUnusable(
          "version "
              + wanted.version()
              + " already has a key of "
              + earlier.key().lengthBytes()
              + " bytes",
          null);
    }
  }

  @FunctionalInterface
  private interface Change {
    BackendKeyRef run() throws IOException;
  }
}
