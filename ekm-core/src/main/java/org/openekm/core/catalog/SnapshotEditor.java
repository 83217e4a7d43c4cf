// SPDX-License-Identifier: Apache-2.0
package org.openekm.core.catalog;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.openekm.api.KeyId;
import org.openekm.api.KeyVersionId;
import org.openekm.api.VaultId;
import org.openekm.spi.policy.Policy;
import org.openekm.spi.store.IssuerId;
import org.openekm.spi.store.IssuerRecord;
import org.openekm.spi.store.KeyRecord;
import org.openekm.spi.store.KeyVersionRecord;
import org.openekm.spi.store.MetadataChange;
import org.openekm.spi.store.TenancyId;
import org.openekm.spi.store.TenancyRecord;
import org.openekm.spi.store.VaultRecord;

/**
 * Makes the next snapshot from the present one and a list of changes. Copies the maps that a change
 * touches and shares the rest; compiles only policies whose text is new. Refuses changes that would
 * leave a record pointing nowhere.
 *
 * <p>Used once, by one thread.
 */
final class SnapshotEditor {

  private final SnapshotBuilder builder;
  private final CatalogSnapshot before;
  private final Map<IssuerId, IssuerRecord> issuers;
  private final Map<TenancyId, TenancyRecord> tenancies;
  private final Map<VaultId, VaultEntry> vaults;
  private final Administration administration;
  private final Map<KeyId, Draft> drafts = new HashMap<>();
  private final Map<VaultId, KeyTable.Change> changedKeys = new HashMap<>();

  private SnapshotEditor(SnapshotBuilder builder, CatalogSnapshot before) {
    this.builder = builder;
    this.before = before;
    this.issuers = new HashMap<>(before.issuerMap());
    this.tenancies = new HashMap<>(before.tenancyMap());
    this.vaults = new HashMap<>(before.vaultMap());
    this.administration = before.administration().draft();
  }

  /**
   * Returns the snapshot after the changes, at their revision.
   *
   * @throws IllegalArgumentException if the changes don't fit the snapshot
   */
  static CatalogSnapshot apply(
      SnapshotBuilder builder,
      CatalogSnapshot before,
      List<MetadataChange> changes,
      long revision) {
    SnapshotEditor editor = new SnapshotEditor(builder, before);
    changes.forEach(editor::apply);
    editor.finishKeys();
    editor.finishVaults();
    editor.checkVaults();
    return new CatalogSnapshot(
        revision, editor.issuers, editor.tenancies, editor.vaults, editor.administration);
  }

  private void apply(MetadataChange change) {
    if (change instanceof MetadataChange.PutIssuer put) {
      putIssuer(put.issuer());
    } else if (change instanceof MetadataChange.PutTenancy put) {
      tenancies.put(put.tenancy().id(), put.tenancy());
    } else if (change instanceof MetadataChange.PutVault put) {
      putVault(put.vault());
    } else if (change instanceof MetadataChange.PutKey put) {
      putKey(put.key());
    } else if (change instanceof MetadataChange.PutKeyVersion put) {
      draft(put.version().key()).versions.put(put.version().id(), put.version());
    } else if (!administration.apply(change)) {
      remove(change);
    }
  }

  private void remove(MetadataChange change) {
    if (change instanceof MetadataChange.RemoveIssuer gone) {
      issuers.remove(gone.issuer());
    } else if (change instanceof MetadataChange.RemoveTenancy gone) {
      tenancies.remove(gone.tenancy());
    } else if (change instanceof MetadataChange.RemoveVault gone) {
      vaults.remove(gone.vault());
    } else if (change instanceof MetadataChange.RemoveKey gone) {
      draft(gone.key()).record = null;
    } else if (change instanceof MetadataChange.RemoveKeyVersion gone) {
      owner(gone.version()).versions.remove(gone.version());
    } else {
      throw new IllegalArgumentException("unknown change " + change.getClass().getName());
    }
  }

  private void putIssuer(IssuerRecord issuer) {
    issuers.put(issuer.id(), issuer);
    vaults.replaceAll(
        (id, vault) ->
            vault.record().access().issuer().equals(issuer.id())
                ? new VaultEntry(vault.record(), issuer, vault.policy(), vault.keyTable())
                : vault);
  }

  private void putVault(VaultRecord vault) {
    IssuerRecord issuer = issuers.get(vault.access().issuer());
    if (issuer == null) {
      throw new IllegalArgumentException(
          "vault " + vault.id() + " names an issuer that does not exist");
    }
    VaultEntry earlier = vaults.get(vault.id());
    Policy policy = builder.vaultPolicy(vault, earlier);
    KeyTable keys = earlier == null ? KeyTable.empty() : earlier.keyTable();
    vaults.put(vault.id(), new VaultEntry(vault, issuer, policy, keys));
  }

  private void putKey(KeyRecord key) {
    Draft draft = draft(key.id());
    if (draft.earlier != null && !draft.earlier.record().vault().equals(key.vault())) {
      throw new IllegalArgumentException("key " + key.id() + " can't move to another vault");
    }
    draft.record = key;
  }

  private Draft draft(KeyId id) {
    return drafts.computeIfAbsent(id, key -> new Draft(before.findKey(key).orElse(null)));
  }

  private Draft owner(KeyVersionId version) {
    for (Draft draft : drafts.values()) {
      if (draft.versions.containsKey(version)) {
        return draft;
      }
    }
    for (VaultEntry vault : before.vaults()) {
      for (KeyEntry key : vault.keys()) {
        if (key.version(version).isPresent()) {
          return draft(key.record().id());
        }
      }
    }
    return new Draft(null);
  }

  private void finishKeys() {
    drafts.forEach(
        (id, draft) -> {
          KeyRecord record = draft.record;
          if (record != null) {
            keysOf(record.vault()).put(id, entry(record, draft));
          } else if (draft.earlier != null) {
            VaultId vault = draft.earlier.record().vault();
            if (vaults.containsKey(vault)) {
              keysOf(vault).remove(id);
            }
          } else if (!draft.versions.isEmpty()) {
            throw new IllegalArgumentException(
                "key versions name key " + id + ", which does not exist");
          }
        });
  }

  private KeyEntry entry(KeyRecord record, Draft draft) {
    if (!draft.versions.containsKey(record.currentVersion())) {
      throw new IllegalArgumentException(
          "key " + record.id() + " names a current version that does not exist");
    }
    return new KeyEntry(record, builder.keyPolicy(record, draft.earlier), draft.versions);
  }

  /** The keys of a vault that is to change. */
  private KeyTable.Change keysOf(VaultId id) {
    return changedKeys.computeIfAbsent(
        id,
        vault -> {
          VaultEntry entry = vaults.get(vault);
          if (entry == null) {
            throw new IllegalArgumentException(
                "a key names vault " + vault + ", which does not exist");
          }
          return entry.keyTable().change();
        });
  }

  private void finishVaults() {
    changedKeys.forEach(
        (id, keys) ->
            vaults.computeIfPresent(
                id,
                (same, vault) ->
                    new VaultEntry(vault.record(), vault.issuer(), vault.policy(), keys.done())));
  }

  private void checkVaults() {
    for (VaultEntry vault : vaults.values()) {
      if (!issuers.containsKey(vault.record().access().issuer())) {
        throw new IllegalArgumentException(
            "vault " + vault.record().id() + " names an issuer that is to be removed");
      }
    }
  }

  /** A key while its parts are being put together. */
  private static final class Draft {

    final @Nullable KeyEntry earlier;
    final Map<KeyVersionId, KeyVersionRecord> versions;
    @Nullable KeyRecord record;

    Draft(@Nullable KeyEntry earlier) {
      this.earlier = earlier;
      this.versions = earlier == null ? new HashMap<>() : earlier.versions();
      this.record = earlier == null ? null : earlier.record();
    }
  }
}
