// SPDX-License-Identifier: Apache-2.0
package org.openekm.api;

import java.time.Instant;

/**
 * What OCI may know of a key. The algorithm is always AES.
 *
 * @param vault the vault it belongs to
 * @param key the id
 * @param name the operator's name for it
 * @param state its state; always active in an answer to OCI
 * @param lengthBytes the length of the key: 16, 24 or 32 bytes
 * @param currentVersion the version that encrypts
 * @param createdAt when it was made
 */
public record KeyMetadata(
    VaultId vault,
    KeyId key,
    String name,
    KeyState state,
    int lengthBytes,
    KeyVersionId currentVersion,
    Instant createdAt) {}
