// SPDX-License-Identifier: Apache-2.0
package org.openekm.spi.backend;

import org.openekm.api.Bytes;

/**
 * What one AES-GCM encryption gives.
 *
 * @param iv the initialization vector that was used, 12 bytes
 * @param ciphertext as long as the plaintext
 * @param tag the authentication tag, 16 bytes
 */
public record BackendCiphertext(Bytes iv, Bytes ciphertext, Bytes tag) {}
