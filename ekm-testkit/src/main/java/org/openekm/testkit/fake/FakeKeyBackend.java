// SPDX-License-Identifier: Apache-2.0
package org.openekm.testkit.fake;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.security.GeneralSecurityException;
import java.security.SecureRandom;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import javax.crypto.AEADBadTagException;
import javax.crypto.Cipher;
import javax.crypto.spec.GCMParameterSpec;
import javax.crypto.spec.SecretKeySpec;
import org.jspecify.annotations.Nullable;
import org.openekm.api.Bytes;
import org.openekm.api.Deadline;
import org.openekm.api.DecryptRequest.Sealed;
import org.openekm.api.SecretBytes;
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
 * A backend that keeps its keys in memory and computes with the JDK's AES-GCM. It behaves as its
 * {@link Capabilities} say, so a test can have a device without import, with a small plaintext
 * limit, and so on.
 *
 * <p>Thread-safe. Several instances can share one set of keys, see {@link #reopen()}.
 */
public final class FakeKeyBackend implements KeyBackend {

  private static final String TRANSFORMATION = "AES/GCM/NoPadding";
  private static final int IV_BYTES = 12;
  private static final int TAG_BYTES = 16;

  private final Capabilities capabilities;
  private final SecureRandom random;
  private final Map<BackendKeyRef, SecretBytes> keys;
  private volatile boolean closed;
  private volatile @Nullable BackendKeyRef unwrapsOnly;

  /**
   * Makes a backend that can do everything: all key lengths, all features, plaintext up to 64 KiB.
   */
  public FakeKeyBackend() {
    this(fullCapabilities());
  }

  /** Makes a backend that can do what the capabilities say and nothing more. */
  public FakeKeyBackend(Capabilities capabilities) {
    this(capabilities, new SecureRandom());
  }

  /** Makes a backend that draws keys, IVs and random bytes from the given generator. */
  public FakeKeyBackend(Capabilities capabilities, SecureRandom random) {
    this(capabilities, random, new ConcurrentHashMap<>());
  }

  private FakeKeyBackend(
      Capabilities capabilities, SecureRandom random, Map<BackendKeyRef, SecretBytes> keys) {
    this.capabilities = capabilities;
    this.random = random;
    this.keys = keys;
  }

  /** Returns capabilities with nothing left out: 64 KiB of plaintext and AAD, 16 calls at once. */
  public static Capabilities fullCapabilities() {
    return new Capabilities(
        IvSource.HOST, 65_536, 65_536, Set.of(16, 24, 32), EnumSet.allOf(BackendFeature.class), 16);
  }

  /** Returns another backend over the same keys, as if the device had been opened again. */
  public FakeKeyBackend reopen() {
    return new FakeKeyBackend(capabilities, random, keys);
  }

  /**
   * Puts a key into the device behind the interface's back, as an operator does with the vendor's
   * tools.
   *
   * @param material copied
   */
  public void putKey(BackendKeyRef key, SecretBytes material) {
    keys.put(key, material.copy());
  }

  /**
   * Returns a copy of a key's material, for tests that compute on their own; absent if there is no
   * such key.
   */
  public Optional<SecretBytes> material(BackendKeyRef key) {
    return Optional.ofNullable(keys.get(key)).map(SecretBytes::copy);
  }

  /** Returns the number of keys in the device. */
  public int keyCount() {
    return keys.size();
  }

  @Override
  public Capabilities capabilities() {
    return capabilities;
  }

  @Override
  public BackendCiphertext encrypt(
      BackendKeyRef key, SecretBytes plaintext, Bytes aad, Deadline deadline) {
    begin(deadline);
    if (plaintext.length() < 1 || plaintext.length() > capabilities.maxPlaintextBytes()) {
      throw new BackendException.Misconfigured(
          "plaintext length is outside the backend's limits", null);
    }
    requireAadFits(aad);
    byte[] iv = new byte[IV_BYTES];
    random.nextBytes(iv);
    try {
      Cipher cipher = cipher(Cipher.ENCRYPT_MODE, key, iv, aad);
      byte[] sealed = plaintext.read(bytes -> finish(cipher, bytes));
      int length = sealed.length - TAG_BYTES;
      return new BackendCiphertext(
          Bytes.adopt(iv),
          Bytes.copyOf(sealed, 0, length),
          Bytes.copyOf(sealed, length, TAG_BYTES));
    } catch (GeneralSecurityException e) {
      throw new BackendException.Unavailable("AES-GCM failed in the JDK", false, e);
    }
  }

  @Override
  public SecretBytes decrypt(BackendKeyRef key, Sealed sealed, Bytes aad, Deadline deadline) {
    begin(deadline);
    requireAadFits(aad);
    requireKey(key);
    if (sealed.iv().length() != IV_BYTES || sealed.tag().length() != TAG_BYTES) {
      throw new BackendException.AuthenticationTagMismatch(
          "IV must have 12 bytes and tag 16 bytes", null);
    }
    byte[] input = new byte[sealed.ciphertext().length() + TAG_BYTES];
    sealed.ciphertext().copyTo(input, 0);
    sealed.tag().copyTo(input, sealed.ciphertext().length());
    try {
      Cipher cipher = cipher(Cipher.DECRYPT_MODE, key, sealed.iv().toByteArray(), aad);
      return SecretBytes.adopt(finish(cipher, input));
    } catch (GeneralSecurityException e) {
      throw new BackendException.Unavailable("AES-GCM failed in the JDK", false, e);
    }
  }

  @Override
  public SecretBytes randomBytes(int length, Deadline deadline) {
    if (!capabilities.has(BackendFeature.RANDOM_BYTES)) {
      return KeyBackend.super.randomBytes(length, deadline);
    }
    begin(deadline);
    byte[] bytes = new byte[length];
    random.nextBytes(bytes);
    return SecretBytes.adopt(bytes);
  }

  @Override
  public BackendKeyRef generateKey(NewKey newKey, Deadline deadline) {
    if (!capabilities.has(BackendFeature.GENERATE_KEY)) {
      return KeyBackend.super.generateKey(newKey, deadline);
    }
    begin(deadline);
    requireLength(newKey.lengthBytes());
    byte[] material = new byte[newKey.lengthBytes()];
    random.nextBytes(material);
    return keep(newKey, SecretBytes.adopt(material));
  }

  @Override
  public BackendKeyRef importKey(NewKey newKey, SecretBytes material, Deadline deadline) {
    if (!capabilities.has(BackendFeature.IMPORT_KEY)) {
      return KeyBackend.super.importKey(newKey, material, deadline);
    }
    begin(deadline);
    requireLength(newKey.lengthBytes());
    if (material.length() != newKey.lengthBytes()) {
      throw new BackendException.KeyUnusable(
          "key material has "
              + material.length()
              + " bytes, not the "
              + newKey.lengthBytes()
              + " announced",
          null);
    }
    return keep(newKey, material.copy());
  }

  @Override
  public BackendKeyRef unwrapKey(
      NewKey newKey, BackendKeyRef wrappingKey, Bytes wrapped, Deadline deadline) {
    if (!capabilities.has(BackendFeature.UNWRAP_KEY)) {
      return KeyBackend.super.unwrapKey(newKey, wrappingKey, wrapped, deadline);
    }
    begin(deadline);
    if (wrapped.length() < 16 || wrapped.length() % 8 != 0) {
      throw new BackendException.AuthenticationTagMismatch(
          "the wrapped key has no such length", null);
    }
    try {
      Cipher unwrap = Cipher.getInstance("AES/KWP/NoPadding");
      unwrap.init(Cipher.DECRYPT_MODE, spec(wrappingKey));
      try (SecretBytes material = SecretBytes.adopt(unwrap.doFinal(wrapped.toByteArray()))) {
        return importKey(newKey, material, deadline);
      }
    } catch (GeneralSecurityException e) {
      throw new BackendException.AuthenticationTagMismatch("the wrapped key does not fit", e);
    }
  }

  @Override
  public void destroyKey(BackendKeyRef key, Deadline deadline) {
    if (!capabilities.has(BackendFeature.DESTROY_KEY)) {
      KeyBackend.super.destroyKey(key, deadline);
      return;
    }
    begin(deadline);
    SecretBytes material = keys.remove(key);
    if (material != null) {
      material.destroy();
    }
  }

  /** Has the backend tell of this key that it only unwraps others. */
  public void unwrapsOnly(BackendKeyRef key) {
    unwrapsOnly = key;
  }

  @Override
  public BackendKeyInfo inspectKey(BackendKeyRef key, Deadline deadline) {
    begin(deadline);
    int length = requireKey(key).length();
    requireLength(length);
    return new BackendKeyInfo(
        key,
        length,
        List.of("the key is in the memory of a test"),
        Objects.equals(key, unwrapsOnly));
  }

  @Override
  public CheckResult check(Deadline deadline) {
    if (closed) {
      return CheckResult.failed("the fake backend is closed");
    }
    return deadline.expired()
        ? CheckResult.failed("the deadline has passed before the check")
        : CheckResult.ok("the fake backend holds " + keys.size() + " keys");
  }

  @Override
  public void close() {
    closed = true;
  }

  private BackendKeyRef keep(NewKey newKey, SecretBytes material) {
    UUID id = UUID.nameUUIDFromBytes(newKey.version().toString().getBytes(UTF_8));
    BackendKeyRef ref = new BackendKeyRef("fake-" + id);
    SecretBytes earlier = keys.putIfAbsent(ref, material);
    if (earlier != null) {
      material.destroy();
    }
    return ref;
  }

  private Cipher cipher(int mode, BackendKeyRef key, byte[] iv, Bytes aad)
      throws GeneralSecurityException {
    Cipher cipher = Cipher.getInstance(TRANSFORMATION);
    SecretKeySpec spec = spec(key);
    cipher.init(mode, spec, new GCMParameterSpec(TAG_BYTES * 8, iv));
    cipher.updateAAD(aad.toByteArray());
    return cipher;
  }

  /** A key that is destroyed between the look-up and here is as good as missing. */
  private SecretKeySpec spec(BackendKeyRef key) {
    SecretBytes material = requireKey(key);
    requireLength(material.length());
    try {
      return material.read(bytes -> new SecretKeySpec(bytes, "AES"));
    } catch (IllegalStateException e) {
      throw new BackendException.KeyMissing("no key " + key, e);
    }
  }

  private static byte[] finish(Cipher cipher, byte[] input) {
    try {
      return cipher.doFinal(input);
    } catch (AEADBadTagException e) {
      throw new BackendException.AuthenticationTagMismatch(
          "the authentication tag does not fit", e);
    } catch (GeneralSecurityException e) {
      throw new BackendException.Unavailable("AES-GCM failed in the JDK", false, e);
    }
  }

  private SecretBytes requireKey(BackendKeyRef key) {
    @Nullable SecretBytes material = keys.get(key);
    if (material == null) {
      throw new BackendException.KeyMissing("no key " + key, null);
    }
    return material;
  }

  private void requireAadFits(Bytes aad) {
    if (aad.length() > capabilities.maxAadBytes()) {
      throw new BackendException.Misconfigured("AAD is longer than the backend's limit", null);
    }
  }

  private void requireLength(int lengthBytes) {
    if (!capabilities.keyLengths().contains(lengthBytes)) {
      throw new BackendException.KeyUnusable(
          "keys of " + lengthBytes + " bytes are not among " + Arrays.toString(sortedLengths()),
          null);
    }
  }

  private int[] sortedLengths() {
    return capabilities.keyLengths().stream().mapToInt(Integer::intValue).sorted().toArray();
  }

  private void begin(Deadline deadline) {
    if (closed) {
      throw new BackendException.Unavailable("the fake backend is closed", false, null);
    }
    if (deadline.expired()) {
      throw new BackendException.TimedOut("the deadline has passed before the call", null);
    }
  }
}
