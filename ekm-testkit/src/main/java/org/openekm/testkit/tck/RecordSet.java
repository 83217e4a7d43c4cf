// SPDX-License-Identifier: Apache-2.0
package org.openekm.testkit.tck;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.openekm.spi.store.MetadataChange;
import org.openekm.spi.store.MetadataSnapshot;

/** The records of a snapshot by their ids, to which changes can be applied. Not thread-safe. */
final class RecordSet {

  private final Map<Object, Object> records = new HashMap<>();

  RecordSet(MetadataSnapshot snapshot) {
    snapshot.issuers().forEach(issuer -> records.put(issuer.id(), issuer));
    snapshot.tenancies().forEach(tenancy -> records.put(tenancy.id(), tenancy));
    snapshot.vaults().forEach(vault -> records.put(vault.id(), vault));
    snapshot.keys().forEach(key -> records.put(key.id(), key));
    snapshot.versions().forEach(version -> records.put(version.id(), version));
    snapshot.administrators().forEach(one -> records.put(one.id(), one));
    snapshot.spentApprovals().forEach(one -> records.put(one.nonce(), one));
  }

  RecordSet apply(List<MetadataChange> changes) {
    changes.forEach(this::apply);
    return this;
  }

  Map<Object, Object> records() {
    return records;
  }

  private void apply(MetadataChange change) {
    if (change instanceof MetadataChange.PutIssuer put) {
      records.put(put.issuer().id(), put.issuer());
    } else if (change instanceof MetadataChange.PutTenancy put) {
      records.put(put.tenancy().id(), put.tenancy());
    } else if (change instanceof MetadataChange.PutVault put) {
      records.put(put.vault().id(), put.vault());
    } else if (change instanceof MetadataChange.PutKey put) {
      records.put(put.key().id(), put.key());
    } else if (change instanceof MetadataChange.PutKeyVersion put) {
      records.put(put.version().id(), put.version());
    } else if (change instanceof MetadataChange.PutAdministrator put) {
      records.put(put.administrator().id(), put.administrator());
    } else if (change instanceof MetadataChange.PutSpentApproval put) {
      records.put(put.approval().nonce(), put.approval());
    } else {
      remove(change);
    }
  }

  private void remove(MetadataChange change) {
    if (change instanceof MetadataChange.RemoveIssuer gone) {
      records.remove(gone.issuer());
    } else if (change instanceof MetadataChange.RemoveTenancy gone) {
      records.remove(gone.tenancy());
    } else if (change instanceof MetadataChange.RemoveVault gone) {
      records.remove(gone.vault());
    } else if (change instanceof MetadataChange.RemoveKey gone) {
      records.remove(gone.key());
    } else if (change instanceof MetadataChange.RemoveKeyVersion gone) {
      records.remove(gone.version());
    } else if (change instanceof MetadataChange.RemoveAdministrator gone) {
      records.remove(gone.administrator());
    } else if (change instanceof MetadataChange.RemoveSpentApproval gone) {
      records.remove(gone.nonce());
    } else {
      throw new IllegalArgumentException("unknown change " + change.getClass().getName());
    }
  }
}
