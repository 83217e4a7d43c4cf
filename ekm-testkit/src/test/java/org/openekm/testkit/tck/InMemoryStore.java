// SPDX-License-Identifier: Apache-2.0
package org.openekm.testkit.tck;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
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
import org.openekm.spi.store.MetadataChange.PutAdministrator;
import org.openekm.spi.store.MetadataChange.PutIssuer;
import org.openekm.spi.store.MetadataChange.PutKey;
import org.openekm.spi.store.MetadataChange.PutKeyVersion;
import org.openekm.spi.store.MetadataChange.PutSpentApproval;
import org.openekm.spi.store.MetadataChange.PutTenancy;
import org.openekm.spi.store.MetadataChange.PutVault;
import org.openekm.spi.store.MetadataChange.RemoveAdministrator;
import org.openekm.spi.store.MetadataChange.RemoveIssuer;
import org.openekm.spi.store.MetadataChange.RemoveKey;
import org.openekm.spi.store.MetadataChange.RemoveKeyVersion;
import org.openekm.spi.store.MetadataChange.RemoveSpentApproval;
import org.openekm.spi.store.MetadataChange.RemoveTenancy;
import org.openekm.spi.store.MetadataChange.RemoveVault;
import org.openekm.spi.store.MetadataDelta;
import org.openekm.spi.store.MetadataSnapshot;
import org.openekm.spi.store.MetadataStore;
import org.openekm.spi.store.NodeRegistry;
import org.openekm.spi.store.RevisionConflictException;
import org.openekm.spi.store.SpentApproval;
import org.openekm.spi.store.StoreException;
import org.openekm.spi.store.TenancyId;
import org.openekm.spi.store.TenancyRecord;
import org.openekm.spi.store.VaultRecord;
import org.openekm.testkit.fake.FakeNodeRegistry;

/**
 * A right store in memory. Several stores can share one {@link Disk}, which survives their being
 * closed.
 */
final class InMemoryStore implements MetadataStore {

  /** What outlives a store. Guarded by itself. */
  static final class Disk {
    private final Map<IssuerId, IssuerRecord> issuers = new LinkedHashMap<>();
    private final Map<TenancyId, TenancyRecord> tenancies = new LinkedHashMap<>();
    private final Map<VaultId, VaultRecord> vaults = new LinkedHashMap<>();
    private final Map<KeyId, KeyRecord> keys = new LinkedHashMap<>();
    private final Map<KeyVersionId, KeyVersionRecord> versions = new LinkedHashMap<>();
    private final Map<AdministratorId, AdministratorRecord> administrators = new LinkedHashMap<>();
    private final Map<String, SpentApproval> spentApprovals = new LinkedHashMap<>();
    private final Map<KeyVersionId, Long> usage = new LinkedHashMap<>();
    private final List<List<MetadataChange>> log = new ArrayList<>();
    private final FakeNodeRegistry nodes = new FakeNodeRegistry(this::newest);
    private long revision;
    private boolean held;

    private synchronized long newest() {
      return revision;
    }

    private void apply(MetadataChange change) {
      if (change instanceof PutIssuer put) {
        issuers.put(put.issuer().id(), put.issuer());
      } else if (change instanceof PutTenancy put) {
        tenancies.put(put.tenancy().id(), put.tenancy());
      } else if (change instanceof PutVault put) {
        vaults.put(put.vault().id(), put.vault());
      } else if (change instanceof PutKey put) {
        keys.put(put.key().id(), put.key());
      } else if (change instanceof PutKeyVersion put) {
        versions.put(put.version().id(), put.version());
      } else if (change instanceof PutAdministrator put) {
        administrators.put(put.administrator().id(), put.administrator());
      } else if (change instanceof PutSpentApproval put) {
        spentApprovals.put(put.approval().nonce(), put.approval());
      } else {
        remove(change);
      }
    }

    private void remove(MetadataChange change) {
      if (change instanceof RemoveIssuer remove) {
        issuers.remove(remove.issuer());
      } else if (change instanceof RemoveTenancy remove) {
        tenancies.remove(remove.tenancy());
      } else if (change instanceof RemoveVault remove) {
        vaults.remove(remove.vault());
      } else if (change instanceof RemoveKey remove) {
        keys.remove(remove.key());
      } else if (change instanceof RemoveKeyVersion remove) {
        versions.remove(remove.version());
      } else if (change instanceof RemoveAdministrator remove) {
        administrators.remove(remove.administrator());
      } else if (change instanceof RemoveSpentApproval remove) {
        spentApprovals.remove(remove.nonce());
      }
    }
  }

  private final Disk disk;
  private final boolean exclusive;
  private boolean closed;

  InMemoryStore(Disk disk, boolean exclusive) {
    synchronized (disk) {
      if (exclusive && disk.held) {
        throw new StoreException("another store holds the disk", null);
      }
      disk.held = true;
    }
    this.disk = disk;
    this.exclusive = exclusive;
  }

  @Override
  public MetadataSnapshot load() {
    synchronized (disk) {
      requireOpen();
      return new MetadataSnapshot(
          disk.revision,
          List.copyOf(disk.issuers.values()),
          List.copyOf(disk.tenancies.values()),
          List.copyOf(disk.vaults.values()),
          List.copyOf(disk.keys.values()),
          List.copyOf(disk.versions.values()),
          List.copyOf(disk.administrators.values()),
          List.copyOf(disk.spentApprovals.values()));
    }
  }

  @Override
  public Optional<MetadataDelta> changesSince(long revision) {
    synchronized (disk) {
      requireOpen();
      List<MetadataChange> changes = new ArrayList<>();
      disk.log.subList((int) revision, (int) disk.revision).forEach(changes::addAll);
      return Optional.of(new MetadataDelta(disk.revision, changes));
    }
  }

  @Override
  public Optional<NodeRegistry> nodes() {
    return exclusive ? Optional.empty() : Optional.of(disk.nodes);
  }

  @Override
  public long revision() {
    synchronized (disk) {
      requireOpen();
      return disk.revision;
    }
  }

  @Override
  public long commit(long expectedRevision, List<MetadataChange> changes) {
    synchronized (disk) {
      requireOpen();
      if (expectedRevision != disk.revision) {
        throw new RevisionConflictException(expectedRevision, disk.revision);
      }
      changes.forEach(disk::apply);
      disk.log.add(List.copyOf(changes));
      return ++disk.revision;
    }
  }

  @Override
  public long reserveUsage(KeyVersionId version, long count) {
    synchronized (disk) {
      requireOpen();
      long before = disk.usage.getOrDefault(version, 0L);
      disk.usage.put(version, before + count);
      return before;
    }
  }

  @Override
  public boolean isExclusive() {
    return exclusive;
  }

  @Override
  public CheckResult check() {
    synchronized (disk) {
      return closed ? CheckResult.failed("closed") : CheckResult.ok("in memory");
    }
  }

  @Override
  public void close() {
    synchronized (disk) {
      if (!closed) {
        closed = true;
        disk.held = false;
      }
    }
  }

  private void requireOpen() {
    if (closed) {
      throw new StoreException("the store is closed", null);
    }
  }
}
