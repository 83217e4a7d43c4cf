// SPDX-License-Identifier: Apache-2.0
package org.openekm.core.store;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.openekm.api.KeyId;
import org.openekm.api.KeyVersionId;
import org.openekm.api.VaultId;
import org.openekm.spi.CheckResult;
import org.openekm.spi.store.AdministratorId;
import org.openekm.spi.store.AdministratorRecord;
import org.openekm.spi.store.IssuerId;
import org.openekm.spi.store.IssuerRecord;
import org.openekm.spi.store.KeyRecord;
import org.openekm.spi.store.KeyVersionRecord;
import org.openekm.spi.store.MetadataChange;
import org.openekm.spi.store.MetadataSnapshot;
import org.openekm.spi.store.MetadataStore;
import org.openekm.spi.store.RevisionConflictException;
import org.openekm.spi.store.SpentApproval;
import org.openekm.spi.store.StoreException;
import org.openekm.spi.store.TenancyId;
import org.openekm.spi.store.TenancyRecord;
import org.openekm.spi.store.VaultRecord;

/**
 * Keeps the metadata in memory only: everything is gone when the process ends.
 *
 * <p>Thread-safe: one lock around everything, held for microseconds.
 */
public final class InMemoryMetadataStore implements MetadataStore {

  private final Map<IssuerId, IssuerRecord> issuers = new LinkedHashMap<>();
  private final Map<TenancyId, TenancyRecord> tenancies = new LinkedHashMap<>();
  private final Map<VaultId, VaultRecord> vaults = new LinkedHashMap<>();
  private final Map<KeyId, KeyRecord> keys = new LinkedHashMap<>();
  private final Map<KeyVersionId, KeyVersionRecord> versions = new LinkedHashMap<>();
  private final Map<AdministratorId, AdministratorRecord> administrators = new LinkedHashMap<>();
  private final Map<String, SpentApproval> spentApprovals = new LinkedHashMap<>();
  private final Map<KeyVersionId, Long> usage = new HashMap<>();
  private long revision;
  private boolean closed;

  /** Makes an empty store. */
  public InMemoryMetadataStore() {}

  @Override
  public synchronized MetadataSnapshot load() {
    requireOpen();
    return new MetadataSnapshot(
        revision,
        new ArrayList<>(issuers.values()),
        new ArrayList<>(tenancies.values()),
        new ArrayList<>(vaults.values()),
        new ArrayList<>(keys.values()),
        new ArrayList<>(versions.values()),
        new ArrayList<>(administrators.values()),
        new ArrayList<>(spentApprovals.values()));
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
      throw new IllegalArgumentException("a commit needs at least one change");
    }
    if (expectedRevision != revision) {
      throw new RevisionConflictException(expectedRevision, revision);
    }
    List.copyOf(changes).forEach(this::apply);
    return ++revision;
  }

  @Override
  public synchronized long reserveUsage(KeyVersionId version, long count) {
    requireOpen();
    if (count < 1) {
      throw new IllegalArgumentException("count must be at least 1, is " + count);
    }
    long before = usage.getOrDefault(version, 0L);
    usage.put(version, Math.addExact(before, count));
    return before;
  }

  /** Returns true: the memory of this process is nobody else's. */
  @Override
  public boolean isExclusive() {
    return true;
  }

  @Override
  public synchronized CheckResult check() {
    return closed
        ? CheckResult.failed("the metadata store in memory is closed; restart the server")
        : CheckResult.ok(
            "metadata in memory at revision " + revision + "; it is lost when the process ends");
  }

  /** Makes every later call but {@link #check} fail. */
  @Override
  public synchronized void close() {
    closed = true;
  }

  private void requireOpen() {
    if (closed) {
      throw new StoreException("the metadata store in memory is closed", null);
    }
  }

  private void apply(MetadataChange change) {
    if (change instanceof MetadataChange.PutIssuer put) {
      issuers.put(put.issuer().id(), put.issuer());
    } else if (change instanceof MetadataChange.PutTenancy put) {
      tenancies.put(put.tenancy().id(), put.tenancy());
    } else if (change instanceof MetadataChange.PutVault put) {
      vaults.put(put.vault().id(), put.vault());
    } else if (change instanceof MetadataChange.PutKey put) {
      keys.put(put.key().id(), put.key());
    } else if (change instanceof MetadataChange.PutKeyVersion put) {
      versions.put(put.version().id(), put.version());
    } else if (change instanceof MetadataChange.PutAdministrator put) {
      administrators.put(put.administrator().id(), put.administrator());
    } else if (change instanceof MetadataChange.PutSpentApproval put) {
      spentApprovals.put(put.approval().nonce(), put.approval());
    } else {
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
      keys.remove(gone.key());
    } else if (change instanceof MetadataChange.RemoveKeyVersion gone) {
      versions.remove(gone.version());
    } else if (change instanceof MetadataChange.RemoveAdministrator gone) {
      administrators.remove(gone.administrator());
    } else if (change instanceof MetadataChange.RemoveSpentApproval gone) {
      spentApprovals.remove(gone.nonce());
    } else {
      throw new IllegalArgumentException("unknown change " + change.getClass().getName());
    }
  }
}
