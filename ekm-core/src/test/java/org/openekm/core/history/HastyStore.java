// SPDX-License-Identifier: Apache-2.0
package org.openekm.core.history;

import java.util.List;
import java.util.Optional;
import org.openekm.api.KeyVersionId;
import org.openekm.spi.CheckResult;
import org.openekm.spi.store.MetadataChange;
import org.openekm.spi.store.MetadataSnapshot;
import org.openekm.spi.store.MetadataStore;
import org.openekm.spi.store.NodeId;
import org.openekm.spi.store.NodeRecord;
import org.openekm.spi.store.NodeRegistry;

/** A store whose account says that every node has followed every change already: a grave fault. */
final class HastyStore implements MetadataStore {

  private final MetadataStore real;

  HastyStore(MetadataStore real) {
    this.real = real;
  }

  private static final class HastyAccount implements NodeRegistry {

    private final NodeRegistry real;

    HastyAccount(NodeRegistry real) {
      this.real = real;
    }

    @Override
    public long report(NodeId node, String name, long acknowledged) {
      return real.report(node, name, acknowledged);
    }

    @Override
    public List<NodeRecord> nodes() {
      return real.nodes().stream()
          .map(each -> new NodeRecord(each.id(), each.name(), Long.MAX_VALUE, each.silence()))
          .toList();
    }

    @Override
    public void leave(NodeId node) {
      real.leave(node);
    }

    @Override
    public void onNews(Runnable news) {
      // Nobody is told: the others find out by asking, later.
    }
  }

  @Override
  public MetadataSnapshot load() {
    return real.load();
  }

  @Override
  public long revision() {
    return real.revision();
  }

  @Override
  public long commit(long expectedRevision, List<MetadataChange> changes) {
    return real.commit(expectedRevision, changes);
  }

  @Override
  public long reserveUsage(KeyVersionId version, long count) {
    return real.reserveUsage(version, count);
  }

  @Override
  public boolean isExclusive() {
    return real.isExclusive();
  }

  @Override
  public Optional<NodeRegistry> nodes() {
    return real.nodes().map(HastyAccount::new);
  }

  @Override
  public CheckResult check() {
    return real.check();
  }

  @Override
  public void close() {
    real.close();
  }
}
