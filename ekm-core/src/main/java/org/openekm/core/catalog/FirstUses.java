// SPDX-License-Identifier: Apache-2.0
package org.openekm.core.catalog;

import java.time.Instant;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.openekm.api.KeyId;
import org.openekm.api.VaultId;

/**
 * Remembers which vaults and keys OCI has used with success for the first time, until that is
 * written down. A request only looks at its snapshot, and only a first use adds something here.
 *
 * <p>Thread-safe.
 */
public final class FirstUses {

  private final Map<VaultId, Instant> vaults = new ConcurrentHashMap<>();
  private final Map<KeyId, Instant> keys = new ConcurrentHashMap<>();

  /** Makes an empty memory. */
  public FirstUses() {}

  /** Takes note of a use of a vault, unless the snapshot knows of an earlier one. */
  public void ofVault(VaultEntry vault, Instant at) {
    if (vault.record().attributes().linkedAt().isEmpty()) {
      vaults.putIfAbsent(vault.record().id(), at);
    }
  }

  /** Takes note of a use of a key, unless the snapshot knows of an earlier one. */
  public void ofKey(KeyEntry key, Instant at) {
    if (key.record().attributes().linkedAt().isEmpty()) {
      keys.putIfAbsent(key.record().id(), at);
    }
  }

  /** Returns the vaults that are not written down yet, with the time of their first use. */
  public Map<VaultId, Instant> vaults() {
    return Map.copyOf(vaults);
  }

  /** Returns the keys that are not written down yet, with the time of their first use. */
  public Map<KeyId, Instant> keys() {
    return Map.copyOf(keys);
  }

  /** Forgets a vault that has been written down. */
  public void written(VaultId vault) {
    vaults.remove(vault);
  }

  /** Forgets a key that has been written down. */
  public void written(KeyId key) {
    keys.remove(key);
  }
}
