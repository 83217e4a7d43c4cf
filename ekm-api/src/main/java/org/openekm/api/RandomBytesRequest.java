// SPDX-License-Identifier: Apache-2.0
package org.openekm.api;

import java.util.Optional;

/**
 * Asks for random bytes.
 *
 * @param vault the vault
 * @param key the key, which must belong to the vault
 * @param version the key version for the encryption of the bytes; absent for the current one
 * @param length how many bytes, 1 to 1024
 * @param aad additional authenticated data for the encryption of the bytes, empty for none
 */
public record RandomBytesRequest(
    VaultId vault, KeyId key, Optional<KeyVersionId> version, int length, Bytes aad) {}
