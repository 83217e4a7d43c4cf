// SPDX-License-Identifier: Apache-2.0
package org.openekm.api;

import java.util.Optional;

/**
 * Asks for a decryption.
 *
 * @param vault the vault
 * @param key the key, which must belong to the vault
 * @param version the key version; absent to try the current one, then the older ones
 * @param sealed what an encryption gave
 * @param aad the additional authenticated data of the encryption, empty for none
 */
public record DecryptRequest(
    VaultId vault, KeyId key, Optional<KeyVersionId> version, Sealed sealed, Bytes aad) {

  /**
   * The three parts of a ciphertext.
   *
   * @param iv the initialization vector, 12 bytes
   * @param ciphertext without the tag
   * @param tag the authentication tag, 16 bytes
   */
  public record Sealed(Bytes iv, Bytes ciphertext, Bytes tag) {}
}
