// SPDX-License-Identifier: Apache-2.0
package org.openekm.api;

import java.time.Instant;

/**
 * What OCI may know of a vault.
 *
 * @param vault the id
 * @param name the operator's name for it
 * @param createdAt when it was made
 */
public record VaultMetadata(VaultId vault, String name, Instant createdAt) {}
