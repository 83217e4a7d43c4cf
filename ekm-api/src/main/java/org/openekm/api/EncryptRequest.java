// SPDX-License-Identifier: Apache-2.0
package org.openekm.api;

import java.util.Optional;

/**
 * Asks for an encryption.
 *
 * @param vault the vault
 * @param key the key, which must belong to the vault
 * @param version the key version; absent for the current one
 * @param plaintext what to encrypt, at least 1 byte; stays the caller's to destroy
 * @param aad additional authenticated data, empty for none
 */
public record EncryptRequest(
    VaultId vault, KeyId key, Optional<KeyVersionId> version, SecretBytes plaintext, Bytes aad) {}
