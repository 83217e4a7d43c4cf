// SPDX-License-Identifier: Apache-2.0
package org.openekm.core.catalog;

import java.util.HashMap;
import java.util.Map;
import org.openekm.spi.store.AdministratorId;
import org.openekm.spi.store.AdministratorRecord;
import org.openekm.spi.store.MetadataChange;
import org.openekm.spi.store.MetadataSnapshot;
import org.openekm.spi.store.SpentApproval;

/**
 * The part of a snapshot that is about who administers. Whoever makes one hands the maps over.
 *
 * @param administrators by id
 * @param spentApprovals by nonce
 */
record Administration(
    Map<AdministratorId, AdministratorRecord> administrators,
    Map<String, SpentApproval> spentApprovals) {

  static Administration empty() {
    return new Administration(Map.of(), Map.of());
  }

  static Administration of(MetadataSnapshot records) {
    Administration all = new Administration(new HashMap<>(), new HashMap<>());
    records.administrators().forEach(each -> all.administrators.put(each.id(), each));
    records.spentApprovals().forEach(each -> all.spentApprovals.put(each.nonce(), each));
    return all;
  }

  /** Returns a copy that can be changed. */
  Administration draft() {
    return new Administration(new HashMap<>(administrators), new HashMap<>(spentApprovals));
  }

  /** Applies a change to a draft; returns false if it is about something else. */
  boolean apply(MetadataChange change) {
    if (change instanceof MetadataChange.PutAdministrator put) {
      administrators.put(put.administrator().id(), put.administrator());
    } else if (change instanceof MetadataChange.RemoveAdministrator gone) {
      administrators.remove(gone.administrator());
    } else if (change instanceof MetadataChange.PutSpentApproval put) {
      spentApprovals.put(put.approval().nonce(), put.approval());
    } else if (change instanceof MetadataChange.RemoveSpentApproval gone) {
      spentApprovals.remove(gone.nonce());
    } else {
      return false;
    }
    return true;
  }
}
