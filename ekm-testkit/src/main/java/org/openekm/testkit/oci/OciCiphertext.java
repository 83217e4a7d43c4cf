// SPDX-License-Identifier: Apache-2.0
package org.openekm.testkit.oci;

import org.openekm.api.Bytes;

/**
 * The answer to Encrypt.
 *
 * @param ciphertext as long as the plaintext
 * @param iv the initialization vector, 12 bytes
 * @param tag the authentication tag, 16 bytes
 * @param keyVersionId the version that encrypted
 */
public record OciCiphertext(Bytes ciphertext, Bytes iv, Bytes tag, String keyVersionId) {}
