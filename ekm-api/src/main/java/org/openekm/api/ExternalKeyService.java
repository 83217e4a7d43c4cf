// SPDX-License-Identifier: Apache-2.0
package org.openekm.api;

/**
 * The six operations of OCI External KMS, after the token check and before any JSON.
 *
 * <p>Every method checks that the client is the vault's, that vault, key and version exist and may
 * serve, asks the policy, and writes the audit record before it returns. All fail with {@link
 * EkmException} only. Implementations are thread-safe; the calling thread blocks until the answer
 * is ready or {@link CallContext#deadline()} has passed.
 *
 * <p>Operation names and purposes: Oracle, "External KMS Vendor API Reference".
 */
public interface ExternalKeyService {

  /** Returns what is known of a vault; OCI is believed to use it as its health check. */
  VaultMetadata getVaultMetadata(CallContext context, VaultId vault);

  /** Returns what is known of a key, with the id of its current version. */
  KeyMetadata getKeyMetadata(CallContext context, VaultId vault, KeyId key);

  /** Returns what is known of one version of a key. */
  KeyVersionMetadata getKeyVersionMetadata(
      CallContext context, VaultId vault, KeyId key, KeyVersionId version);

  /**
   * Encrypts with AES-GCM under the given version, else the current one, with a fresh random 96-bit
   * IV.
   */
  EncryptResult encrypt(CallContext context, EncryptRequest request);

  /**
   * Decrypts under the given version; without one, tries the current version first, then the older
   * ones, newest first.
   *
   * @return the plaintext, which the caller destroys
   */
  DecryptResult decrypt(CallContext context, DecryptRequest request);

  /**
   * Makes random bytes and, if the service is so configured, their encryption under the key.
   *
   * @return the random bytes, which the caller destroys
   */
  RandomBytesResult generateRandomBytes(CallContext context, RandomBytesRequest request);
}
