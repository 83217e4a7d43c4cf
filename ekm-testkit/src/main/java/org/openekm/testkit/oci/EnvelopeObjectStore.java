// SPDX-License-Identifier: Apache-2.0
package org.openekm.testkit.oci;

import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.SecureRandom;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import javax.crypto.Cipher;
import javax.crypto.spec.GCMParameterSpec;
import javax.crypto.spec.SecretKeySpec;
import org.openekm.api.Bytes;
import org.openekm.api.SecretBytes;

/**
 * A bucket that encrypts each object under a data key of its own, and has the external key wrap the
 * data key: what OCI Object Storage does with a customer-managed key. Data keys are never kept, so
 * every read needs the external key, and a blocked key makes the bucket unreadable at once.
 *
 * <p>In memory. Thread-safe.
 */
public final class EnvelopeObjectStore {

  private static final int DATA_KEY_BYTES = 32;
  private static final int IV_BYTES = 12;
  private static final int TAG_BITS = 128;

  private final String bucket;
  private final OciCaller caller;
  private final SecureRandom random = new SecureRandom();
  private final Map<String, Envelope> objects = new ConcurrentHashMap<>();
  private volatile KeyReference key;

  /** Makes an empty bucket that is encrypted with the key. */
  public EnvelopeObjectStore(String bucket, OciCaller caller, KeyReference key) {
    this.bucket = bucket;
    this.caller = caller;
    this.key = key;
  }

  /** Uses another key, or another version of it, for objects that come. Old ones keep theirs. */
  public void useKey(KeyReference value) {
    key = value;
  }

  /** Stores an object, over one of the same name. Nothing changes unless the key manager helps. */
  public OciResult<StoredObject> put(String name, Bytes content) {
    KeyReference current = key;
    Bytes aad = aad(name);
    OciResult<OciRandomBytes> made = caller.generateRandomBytes(current, DATA_KEY_BYTES, aad);
    if (made.value().isEmpty()) {
      return made.map(ignored -> new StoredObject(name, 0, ""));
    }
    try (SecretBytes dataKey = made.orThrow().plaintext()) {
      OciResult<OciCiphertext> wrapped = wrap(current, made, dataKey, aad);
      return wrapped.map(wrappedKey -> store(name, content, current, wrappedKey, dataKey));
    }
  }

  /** A key manager that gives random bytes alone is asked to encrypt them in a second call. */
  private OciResult<OciCiphertext> wrap(
      KeyReference reference, OciResult<OciRandomBytes> made, SecretBytes dataKey, Bytes aad) {
    Optional<OciCiphertext> encrypted = made.orThrow().encrypted();
    return encrypted.isPresent()
        ? new OciResult<>(made.response(), encrypted)
        : caller.encrypt(reference, dataKey, aad);
  }

  private StoredObject store(
      String name,
      Bytes content,
      KeyReference reference,
      OciCiphertext wrappedKey,
      SecretBytes dataKey) {
    byte[] iv = new byte[IV_BYTES];
    random.nextBytes(iv);
    Bytes sealed = Bytes.adopt(crypt(Cipher.ENCRYPT_MODE, dataKey, iv, content.toByteArray()));
    objects.put(name, new Envelope(reference.keyId(), wrappedKey, Bytes.adopt(iv), sealed));
    return new StoredObject(name, content.length(), wrappedKey.keyVersionId());
  }

  /**
   * Reads an object.
   *
   * @throws IllegalArgumentException if there is none of that name
   */
  public OciResult<Bytes> get(String name) {
    Envelope envelope = objects.get(name);
    if (envelope == null) {
      throw new IllegalArgumentException("no object " + name + " in bucket " + bucket);
    }
    OciResult<SecretBytes> unwrapped =
        caller.decrypt(KeyReference.latest(envelope.keyId()), envelope.wrappedKey(), aad(name));
    return unwrapped.map(dataKey -> open(envelope, dataKey));
  }

  private static Bytes open(Envelope envelope, SecretBytes dataKey) {
    try (dataKey) {
      byte[] iv = envelope.iv().toByteArray();
      return Bytes.adopt(crypt(Cipher.DECRYPT_MODE, dataKey, iv, envelope.sealed().toByteArray()));
    }
  }

  private static byte[] crypt(int mode, SecretBytes dataKey, byte[] iv, byte[] input) {
    try {
      Cipher cipher = Cipher.getInstance("AES/GCM/NoPadding");
      SecretKeySpec keySpec = dataKey.read(bytes -> new SecretKeySpec(bytes, "AES"));
      cipher.init(mode, keySpec, new GCMParameterSpec(TAG_BITS, iv));
      return cipher.doFinal(input);
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("the data key does not fit the object", e);
    }
  }

  /** Binds a wrapped data key to the place where it belongs. */
  private Bytes aad(String name) {
    return Bytes.adopt((bucket + "/" + name).getBytes(StandardCharsets.UTF_8));
  }

  private record Envelope(String keyId, OciCiphertext wrappedKey, Bytes iv, Bytes sealed) {}
}
