// SPDX-License-Identifier: Apache-2.0
package org.openekm.docs.samples;

import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.openekm.api.KeyVersionId;
import org.openekm.spi.CheckResult;
import org.openekm.spi.store.AdministratorRecord;
import org.openekm.spi.store.IssuerRecord;
import org.openekm.spi.store.KeyRecord;
import org.openekm.spi.store.KeyVersionRecord;
import org.openekm.spi.store.MetadataChange;
import org.openekm.spi.store.MetadataSnapshot;
import org.openekm.spi.store.MetadataStore;
import org.openekm.spi.store.RevisionConflictException;
import org.openekm.spi.store.SpentApproval;
import org.openekm.spi.store.StoreException;
import org.openekm.spi.store.TenancyRecord;
import org.openekm.spi.store.VaultRecord;

// snippet: store
/** All records by their ids, in the memory of Acme's key manager. */
final class AcmeMetadataStore implements MetadataStore {

  private final Map<Object, Object> records = new LinkedHashMap<>();
  private final Map<KeyVersionId, Long> usage = new HashMap<>();
  private long revision;
  private boolean closed;

  @Override
  public synchronized MetadataSnapshot load() {
    requireOpen();
    return new MetadataSnapshot(
        revision,
        all(IssuerRecord.class),
        all(TenancyRecord.class),
        all(VaultRecord.class),
        all(KeyRecord.class),
        all(KeyVersionRecord.class),
        all(AdministratorRecord.class),
        all(SpentApproval.class));
  }

  @Override
  public synchronized long revision() {
    requireOpen();
    return revision;
  }

  @Override
  public synchronized long commit(long expectedRevision, List<MetadataChange> changes) {
    requireOpen();
    if (changes.isEmpty()) {
      throw new IllegalArgumentException("at least one change is needed");
    }
    if (expectedRevision != revision) {
      throw new RevisionConflictException(expectedRevision, revision);
    }
    changes.forEach(this::apply);
    return ++revision;
  }

  @Override
  public synchronized long reserveUsage(KeyVersionId version, long count) {
    requireOpen();
    if (count < 1) {
      throw new IllegalArgumentException("count must be at least 1");
    }
    return usage.merge(version, count, Long::sum) - count;
  }

  @Override
  public boolean isExclusive() {
    return true;
  }

  @Override
  public synchronized CheckResult check() {
    return closed ? CheckResult.failed("closed") : CheckResult.ok("at revision " + revision);
  }

  @Override
  public synchronized void close() {
    closed = true;
  }

  private void requireOpen() {
    if (closed) {
      throw new StoreException("the store is closed", null);
    }
  }

  private <R> List<R> all(Class<R> type) {
    return records.values().stream().filter(type::isInstance).map(type::cast).toList();
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
    } else if (change instanceof MetadataChange.RemoveIssuer gone) {
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
    }
  }
}
// end snippet
