// SPDX-License-Identifier: Apache-2.0
package org.openekm.api;

/**
 * One AES-GCM encryption.
 *
 * @param version the key version that was used
 * @param iv the initialization vector, 12 bytes
 * @param ciphertext as long as the plaintext, without the tag
 * @param tag the authentication tag, 16 bytes
 */
public record EncryptResult(KeyVersionId version, Bytes iv, Bytes ciphertext, Bytes tag) {}
