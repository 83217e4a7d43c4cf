// SPDX-License-Identifier: Apache-2.0
package org.openekm.core.catalog;

import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.openekm.api.KeyId;
import org.openekm.api.KeyVersionId;
import org.openekm.api.VaultId;
import org.openekm.spi.event.EkmListener;
import org.openekm.spi.policy.Policy;
import org.openekm.spi.store.IssuerId;
import org.openekm.spi.store.IssuerRecord;
import org.openekm.spi.store.KeyRecord;
import org.openekm.spi.store.KeyVersionRecord;
import org.openekm.spi.store.MetadataSnapshot;
import org.openekm.spi.store.TenancyId;
import org.openekm.spi.store.TenancyRecord;
import org.openekm.spi.store.VaultRecord;

/**
 * Makes a catalog snapshot from the store's records. Compiled policies and whole keys that have not
 * changed are taken from an earlier snapshot. Records that point nowhere are left out, so that they
 * serve nobody, and are reported.
 */
final class SnapshotBuilder {

  private final PolicyCompiler compiler;
  private final EkmListener listener;

  SnapshotBuilder(PolicyCompiler compiler, EkmListener listener) {
    this.compiler = compiler;
    this.listener = listener;
  }

  CatalogSnapshot build(MetadataSnapshot records, CatalogSnapshot earlier) {
    Map<IssuerId, IssuerRecord> issuers = new HashMap<>();
    records.issuers().forEach(issuer -> issuers.put(issuer.id(), issuer));
    Map<TenancyId, TenancyRecord> tenancies = new HashMap<>();
    records.tenancies().forEach(tenancy -> tenancies.put(tenancy.id(), tenancy));
    Map<VaultId, KeyTable.Change> byVault = keys(records, earlier);
    Map<VaultId, VaultEntry> vaults = new HashMap<>();
    for (VaultRecord vault : records.vaults()) {
      IssuerRecord issuer = issuers.get(vault.access().issuer());
      if (issuer == null) {
        dangling("vault " + vault.id() + " names issuer " + vault.access().issuer());
        continue;
      }
      Policy policy = vaultPolicy(vault, earlier.vaultMap().get(vault.id()));
      vaults.put(vault.id(), new VaultEntry(vault, issuer, policy, keys(vault.id(), byVault)));
    }
    return new CatalogSnapshot(
        records.revision(), issuers, tenancies, vaults, Administration.of(records));
  }

  Policy vaultPolicy(VaultRecord vault, @Nullable VaultEntry earlier) {
    return earlier != null && earlier.record().policy().equals(vault.policy())
        ? earlier.policy()
        : compiler.forVault("vault " + vault.id(), vault.policy());
  }

  Optional<Policy> keyPolicy(KeyRecord key, @Nullable KeyEntry earlier) {
    return earlier != null && earlier.record().policy().equals(key.policy())
        ? earlier.policy()
        : compiler.forKey("key " + key.id(), key.policy());
  }

  private static KeyTable keys(VaultId vault, Map<VaultId, KeyTable.Change> byVault) {
    KeyTable.Change keys = byVault.get(vault);
    return keys == null ? KeyTable.empty() : keys.done();
  }

  private Map<VaultId, KeyTable.Change> keys(MetadataSnapshot records, CatalogSnapshot earlier) {
    Map<KeyId, Map<KeyVersionId, KeyVersionRecord>> versions =
        new HashMap<>(2 * records.keys().size());
    for (KeyVersionRecord version : records.versions()) {
      versions.computeIfAbsent(version.key(), id -> new HashMap<>(4)).put(version.id(), version);
    }
    Map<VaultId, KeyTable.Change> byVault = new HashMap<>();
    for (KeyRecord key : records.keys()) {
      Map<KeyVersionId, KeyVersionRecord> own = versions.getOrDefault(key.id(), Map.of());
      if (own.containsKey(key.currentVersion())) {
        byVault
            .computeIfAbsent(key.vault(), id -> KeyTable.empty().change())
            .put(key.id(), entry(key, own, earlierKey(key, earlier)));
      } else {
        dangling("key " + key.id() + " names key version " + key.currentVersion());
      }
    }
    return byVault;
  }

  private KeyEntry entry(
      KeyRecord key, Map<KeyVersionId, KeyVersionRecord> versions, @Nullable KeyEntry earlier) {
    if (earlier != null && earlier.record().equals(key) && earlier.versions().equals(versions)) {
      return earlier;
    }
    return new KeyEntry(key, keyPolicy(key, earlier), versions);
  }

  private static @Nullable KeyEntry earlierKey(KeyRecord key, CatalogSnapshot earlier) {
    VaultEntry vault = earlier.vaultMap().get(key.vault());
    return vault == null ? null : vault.keyTable().get(key.id());
  }

  private void dangling(String what) {
    listener.onWarning(
        "metadata-inconsistent",
        what + ", which is not in the store; it serves nobody until the store is repaired");
  }
}
