// SPDX-License-Identifier: Apache-2.0
package org.openekm.core.catalog;

import java.util.Collection;
import java.util.Optional;
import org.openekm.api.KeyId;
import org.openekm.spi.policy.Policy;
import org.openekm.spi.store.IssuerRecord;
import org.openekm.spi.store.KeyVersionRecord;
import org.openekm.spi.store.VaultRecord;

/** One vault with its issuer, its compiled policy and its keys. Immutable. */
public final class VaultEntry {

  private final VaultRecord record;
  private final IssuerRecord issuer;
  private final Policy policy;
  private final KeyTable keys;

  VaultEntry(VaultRecord record, IssuerRecord issuer, Policy policy, KeyTable keys) {
    this.record = record;
    this.issuer = issuer;
    this.policy = policy;
    this.keys = keys;
  }

  /** Returns the vault's record. */
  public VaultRecord record() {
    return record;
  }

  /** Returns the issuer whose tokens the vault believes. */
  public IssuerRecord issuer() {
    return issuer;
  }

  /**
   * Returns the compiled policy; one that denies everything if the vault has none or it can't be
   * read.
   */
  public Policy policy() {
    return policy;
  }

  /** Returns a key of this vault, whatever its state. */
  public Optional<KeyEntry> key(KeyId id) {
    return Optional.ofNullable(keys.get(id));
  }

  /** Returns the key of this name that is not destroyed. */
  public Optional<KeyEntry> keyNamed(String name) {
    return keys.named(name);
  }

  /** Returns true if a version of a key of this vault lives on the material of this version. */
  public boolean usesMaterialOf(KeyVersionRecord version) {
    return keys.usesMaterialOf(version);
  }

  /** Returns all keys of this vault in no particular order. */
  public Collection<KeyEntry> keys() {
    return keys.all();
  }

  KeyTable keyTable() {
    return keys;
  }
}
