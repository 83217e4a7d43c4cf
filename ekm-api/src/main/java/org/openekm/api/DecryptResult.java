// SPDX-License-Identifier: Apache-2.0
package org.openekm.api;

/**
 * One decryption.
 *
 * @param version the key version that was used
 * @param plaintext the plaintext; the receiver destroys it
 */
public record DecryptResult(KeyVersionId version, SecretBytes plaintext) {}
