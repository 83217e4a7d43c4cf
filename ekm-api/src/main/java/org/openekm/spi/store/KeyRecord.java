// SPDX-License-Identifier: Apache-2.0
package org.openekm.spi.store;

import java.time.Instant;
import java.util.Optional;
import org.openekm.api.KeyId;
import org.openekm.api.KeyState;
import org.openekm.api.KeyVersionId;
import org.openekm.api.VaultId;

/**
 * An external key. Its id is what OCI calls the External Key ID.
 *
 * @param id the id
 * @param vault the vault it belongs to
 * @param name the operator's name for it, unique in its vault
 * @param lengthBytes the length of its AES keys: 16, 24 or 32
 * @param state where it stands in its life
 * @param blocked true while it may not be used, whatever its state
 * @param currentVersion the version that encrypts
 * @param policy the policy's text; absent to leave it to the vault's
 * @param destroyAfter when it will be destroyed; present only while its deletion is pending
 * @param createdAt when the record was made
 */
public record KeyRecord(
    KeyId id,
    VaultId vault,
    String name,
    int lengthBytes,
    KeyState state,
    boolean blocked,
    KeyVersionId currentVersion,
    Optional<String> policy,
    Optional<Instant> destroyAfter,
    Instant createdAt) {

  /**
   * Returns the same key in another state; a time of destruction only goes with pending deletion.
   */
  public KeyRecord withState(KeyState newState, Optional<Instant> newDestroyAfter) {
    return new KeyRecord(
        id,
        vault,
        name,
        lengthBytes,
        newState,
        blocked,
        currentVersion,
        policy,
        newDestroyAfter,
        createdAt);
  }

  /** Returns the same key, blocked or not. */
  public KeyRecord withBlocked(boolean value) {
    return new KeyRecord(
        id,
        vault,
        name,
        lengthBytes,
        state,
        value,
        currentVersion,
        policy,
        destroyAfter,
        createdAt);
  }

  /** Returns the same key with another current version. */
  public KeyRecord withCurrentVersion(KeyVersionId value) {
    return new KeyRecord(
        id, vault, name, lengthBytes, state, blocked, value, policy, destroyAfter, createdAt);
  }

  /** Returns the same key with another policy. */
  public KeyRecord withPolicy(Optional<String> value) {
    return new KeyRecord(
        id,
        vault,
        name,
        lengthBytes,
        state,
        blocked,
        currentVersion,
        value,
        destroyAfter,
        createdAt);
  }
}
