// SPDX-License-Identifier: Apache-2.0
package org.openekm.spi.backend;

import java.util.Map;
import org.openekm.api.Bytes;
import org.openekm.api.Deadline;
import org.openekm.api.DecryptRequest.Sealed;
import org.openekm.api.SecretBytes;
import org.openekm.spi.CheckResult;

/**
 * Holds keys and computes with them.
 *
 * <p>Thread-safe: up to {@link Capabilities#maxConcurrentCalls()} threads call at once. Each call
 * blocks until it is done or its deadline has passed, and fails with a {@link BackendException}
 * only. A backend must answer {@link BackendException.TimedOut} by the deadline even if its device
 * still hangs.
 */
public interface KeyBackend extends AutoCloseable {

  /** Returns what the backend can do; never blocks. */
  Capabilities capabilities();

  /**
   * Encrypts with AES-GCM, a 96-bit IV that never repeats under the key, and a 128-bit tag.
   *
   * @param plaintext at least 1 byte, at most {@link Capabilities#maxPlaintextBytes()}; stays the
   *     caller's
   * @param aad at most {@link Capabilities#maxAadBytes()} bytes, empty for none
   */
  BackendCiphertext encrypt(BackendKeyRef key, SecretBytes plaintext, Bytes aad, Deadline deadline);

  /**
   * Decrypts with AES-GCM. Gives nothing at all unless the tag fits.
   *
   * @return the plaintext, which the caller destroys
   * @throws BackendException.AuthenticationTagMismatch if key, IV, ciphertext, tag and AAD don't
   *     belong together
   */
  SecretBytes decrypt(BackendKeyRef key, Sealed sealed, Bytes aad, Deadline deadline);

  /**
   * Makes random bytes in the device. Called only with {@link BackendFeature#RANDOM_BYTES}.
   *
   * @param length 1 to 1024
   * @return exactly that many bytes, which the caller destroys
   */
  default SecretBytes randomBytes(int length, Deadline deadline) {
    throw BackendException.lacks(BackendFeature.RANDOM_BYTES);
  }

  /**
   * Makes a key that can't be extracted, where the device knows such. Only with {@link
   * BackendFeature#GENERATE_KEY}.
   */
  default BackendKeyRef generateKey(NewKey newKey, Deadline deadline) {
    throw BackendException.lacks(BackendFeature.GENERATE_KEY);
  }

  /**
   * Takes in key material. Only with {@link BackendFeature#IMPORT_KEY}.
   *
   * @param material as long as {@link NewKey#lengthBytes()}; stays the caller's
   */
  default BackendKeyRef importKey(NewKey newKey, SecretBytes material, Deadline deadline) {
    throw BackendException.lacks(BackendFeature.IMPORT_KEY);
  }

  /**
   * Takes in key material that is wrapped by AES key wrap with padding (RFC 5649) under a key that
   * the backend holds. Only with {@link BackendFeature#UNWRAP_KEY}.
   *
   * @param newKey what the material must be; of another length it is refused
   * @param wrappingKey the key that it is wrapped under
   * @param wrapped the result of the wrapping
   * @throws BackendException.AuthenticationTagMismatch if it was wrapped under another key or is
   *     damaged
   */
  default BackendKeyRef unwrapKey(
      NewKey newKey, BackendKeyRef wrappingKey, Bytes wrapped, Deadline deadline) {
    throw BackendException.lacks(BackendFeature.UNWRAP_KEY);
  }

  /**
   * Destroys the key for good. Only with {@link BackendFeature#DESTROY_KEY}. Destroying a key that
   * is not there is a success.
   */
  default void destroyKey(BackendKeyRef key, Deadline deadline) {
    throw BackendException.lacks(BackendFeature.DESTROY_KEY);
  }

  /**
   * Looks a key up in the device.
   *
   * @throws BackendException.KeyMissing if there is no such key
   * @throws BackendException.KeyUnusable if it is there but can't encrypt and decrypt with AES-GCM
   */
  BackendKeyInfo inspectKey(BackendKeyRef key, Deadline deadline);

  /** Tries whether the next call would work, with a real call to the device; doesn't throw. */
  CheckResult check(Deadline deadline);

  /**
   * Returns the devices behind a backend that has several with the same keys, by their names; empty
   * if there is one only. They belong to this backend: use them to look whether each has its keys,
   * and don't close them.
   */
  default Map<String, KeyBackend> members() {
    return Map.of();
  }

  /** Lets go of the device. Calls under way may fail as unavailable. */
  @Override
  void close();
}
