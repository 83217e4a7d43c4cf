// SPDX-License-Identifier: Apache-2.0
package org.openekm.core.catalog;

import java.util.Collection;
import java.util.Collections;
import java.util.Map;
import java.util.Optional;
import org.openekm.api.KeyId;
import org.openekm.api.VaultId;
import org.openekm.spi.store.AdministratorId;
import org.openekm.spi.store.AdministratorRecord;
import org.openekm.spi.store.IssuerId;
import org.openekm.spi.store.IssuerRecord;
import org.openekm.spi.store.SpentApproval;
import org.openekm.spi.store.TenancyId;
import org.openekm.spi.store.TenancyRecord;

/**
 * Everything that exists, at one revision. Immutable: whoever holds one sees no later change.
 * Looking up by id takes constant time and compiles nothing.
 */
public final class CatalogSnapshot {

  private final long revision;
  private final Map<IssuerId, IssuerRecord> issuers;
  private final Map<TenancyId, TenancyRecord> tenancies;
  private final Map<VaultId, VaultEntry> vaults;
  private final Administration administration;

  /** Takes the maps over: nobody may change them afterwards. */
  CatalogSnapshot(
      long revision,
      Map<IssuerId, IssuerRecord> issuers,
      Map<TenancyId, TenancyRecord> tenancies,
      Map<VaultId, VaultEntry> vaults,
      Administration administration) {
    this.revision = revision;
    this.issuers = issuers;
    this.tenancies = tenancies;
    this.vaults = vaults;
    this.administration = administration;
  }

  static CatalogSnapshot empty() {
    return new CatalogSnapshot(0, Map.of(), Map.of(), Map.of(), Administration.empty());
  }

  /** Returns the revision of the metadata that this shows. */
  public long revision() {
    return revision;
  }

  /** Returns all issuers in no particular order. */
  public Collection<IssuerRecord> issuers() {
    return Collections.unmodifiableCollection(issuers.values());
  }

  /** Returns all tenancies in no particular order. */
  public Collection<TenancyRecord> tenancies() {
    return Collections.unmodifiableCollection(tenancies.values());
  }

  /** Returns all vaults in no particular order. */
  public Collection<VaultEntry> vaults() {
    return Collections.unmodifiableCollection(vaults.values());
  }

  /** Returns a vault. */
  public Optional<VaultEntry> vault(VaultId id) {
    return Optional.ofNullable(vaults.get(id));
  }

  /** Returns the issuer of this id. */
  public Optional<IssuerRecord> issuer(IssuerId id) {
    return Optional.ofNullable(issuers.get(id));
  }

  /** Returns the tenancy of this id. */
  public Optional<TenancyRecord> tenancy(TenancyId id) {
    return Optional.ofNullable(tenancies.get(id));
  }

  /** Returns all administrators in no particular order. */
  public Collection<AdministratorRecord> administrators() {
    return Collections.unmodifiableCollection(administration.administrators().values());
  }

  /** Returns the administrator of this id. */
  public Optional<AdministratorRecord> administrator(AdministratorId id) {
    return Optional.ofNullable(administration.administrators().get(id));
  }

  /** Returns the approvals that have been used and not been forgotten, in no particular order. */
  public Collection<SpentApproval> spentApprovals() {
    return Collections.unmodifiableCollection(administration.spentApprovals().values());
  }

  /** Returns true if an approval with this nonce has been used. */
  public boolean isSpent(String nonce) {
    return administration.spentApprovals().containsKey(nonce);
  }

  /**
   * Looks for a key in all vaults; takes time in proportion to their number, so it is for
   * administration only.
   */
  public Optional<KeyEntry> findKey(KeyId id) {
    for (VaultEntry vault : vaults.values()) {
      KeyEntry key = vault.keyTable().get(id);
      if (key != null) {
        return Optional.of(key);
      }
    }
    return Optional.empty();
  }

  Map<IssuerId, IssuerRecord> issuerMap() {
    return issuers;
  }

  Map<TenancyId, TenancyRecord> tenancyMap() {
    return tenancies;
  }

  Administration administration() {
    return administration;
  }

  Map<VaultId, VaultEntry> vaultMap() {
    return vaults;
  }
}
