// SPDX-License-Identifier: Apache-2.0
package org.openekm.spi.store;

import java.time.Instant;
import org.openekm.api.KeyId;
import org.openekm.api.KeyState;
import org.openekm.api.KeyVersionId;
import org.openekm.spi.backend.BackendKeyRef;

/**
 * One version of a key: a pointer to key material in a backend.
 *
 * @param id the id
 * @param key the key it belongs to
 * @param number 1 for the first version of the key, then counted up
 * @param backend the name of the backend instance that holds the material
 * @param ref the material's name in that backend
 * @param state its own state, beside the key's
 * @param createdAt when the record was made
 */
public record KeyVersionRecord(
    KeyVersionId id,
    KeyId key,
    int number,
    String backend,
    BackendKeyRef ref,
    KeyState state,
    Instant createdAt) {

  /** Returns the same version in another state. */
  public KeyVersionRecord withState(KeyState newState) {
    return new KeyVersionRecord(id, key, number, backend, ref, newState, createdAt);
  }
}
