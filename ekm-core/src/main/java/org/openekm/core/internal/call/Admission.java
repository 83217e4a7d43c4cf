// SPDX-License-Identifier: Apache-2.0
package org.openekm.core.internal.call;

import static java.util.Objects.requireNonNull;

import java.time.Instant;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.openekm.api.VerifiedClient;
import org.openekm.core.catalog.KeyEntry;
import org.openekm.core.catalog.VaultEntry;

/**
 * The permission to work on a vault and perhaps a key, given on the grounds of one catalog
 * revision.
 *
 * @param client who got it
 * @param vault the vault
 * @param keyEntry the key; absent for the vault's own metadata
 * @param revision the revision that it rests on
 * @param at when it was given
 */
record Admission(
    VerifiedClient client,
    VaultEntry vault,
    @Nullable KeyEntry keyEntry,
    long revision,
    Instant at) {

  KeyEntry key() {
    return requireNonNull(keyEntry, "the operation names no key");
  }

  Optional<KeyEntry> optionalKey() {
    return Optional.ofNullable(keyEntry);
  }
}
