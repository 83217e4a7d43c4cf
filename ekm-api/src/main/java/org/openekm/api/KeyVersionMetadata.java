// SPDX-License-Identifier: Apache-2.0
package org.openekm.api;

import java.time.Instant;

/**
 * What OCI may know of one version of a key.
 *
 * @param key the key it belongs to
 * @param version the id
 * @param state the version's own state
 * @param current true if it is the version that encrypts
 * @param createdAt when the version was made
 */
public record KeyVersionMetadata(
    KeyMetadata key, KeyVersionId version, KeyState state, boolean current, Instant createdAt) {}
