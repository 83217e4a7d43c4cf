// SPDX-License-Identifier: Apache-2.0
package org.openekm.api;

import java.util.Optional;

/**
 * Random bytes and, if configured, their encryption.
 *
 * @param version the key version that was used or would have been
 * @param randomBytes the bytes; the receiver destroys them
 * @param sealed the bytes encrypted under the key with the request's AAD
 */
public record RandomBytesResult(
    KeyVersionId version, SecretBytes randomBytes, Optional<EncryptResult> sealed) {}
