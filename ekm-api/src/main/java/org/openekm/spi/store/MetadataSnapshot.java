// SPDX-License-Identifier: Apache-2.0
package org.openekm.spi.store;

import java.util.List;

/**
 * Everything at one revision. Immutable.
 *
 * @param revision the revision
 * @param issuers all issuers
 * @param tenancies all tenancies
 * @param vaults all vaults
 * @param keys all keys
 * @param versions all key versions
 * @param administrators all administrators
 * @param spentApprovals the approvals that have been used and not been forgotten
 */
public record MetadataSnapshot(
    long revision,
    List<IssuerRecord> issuers,
    List<TenancyRecord> tenancies,
    List<VaultRecord> vaults,
    List<KeyRecord> keys,
    List<KeyVersionRecord> versions,
    List<AdministratorRecord> administrators,
    List<SpentApproval> spentApprovals) {

  /** Copies the lists. */
  public MetadataSnapshot {
    issuers = List.copyOf(issuers);
    tenancies = List.copyOf(tenancies);
    vaults = List.copyOf(vaults);
    keys = List.copyOf(keys);
    versions = List.copyOf(versions);
    administrators = List.copyOf(administrators);
    spentApprovals = List.copyOf(spentApprovals);
  }

  /** Returns the snapshot of a new store. */
  public static MetadataSnapshot empty() {
    return new MetadataSnapshot(
        0, List.of(), List.of(), List.of(), List.of(), List.of(), List.of(), List.of());
  }
}
