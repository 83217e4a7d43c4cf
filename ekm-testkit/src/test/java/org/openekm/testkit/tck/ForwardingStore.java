// SPDX-License-Identifier: Apache-2.0
package org.openekm.testkit.tck;

import java.util.List;
import java.util.Optional;
import org.openekm.api.KeyVersionId;
import org.openekm.spi.CheckResult;
import org.openekm.spi.store.MetadataChange;
import org.openekm.spi.store.MetadataDelta;
import org.openekm.spi.store.MetadataSnapshot;
import org.openekm.spi.store.MetadataStore;
import org.openekm.spi.store.NodeRegistry;

/** Does what another store does; the base of stores that do one thing wrongly. */
abstract class ForwardingStore implements MetadataStore {

  final MetadataStore right;

  ForwardingStore(MetadataStore right) {
    this.right = right;
  }

  @Override
  public MetadataSnapshot load() {
    return right.load();
  }

  @Override
  public Optional<MetadataDelta> changesSince(long revision) {
    return right.changesSince(revision);
  }

  @Override
  public Optional<NodeRegistry> nodes() {
    return right.nodes();
  }

  @Override
  public long revision() {
    return right.revision();
  }

  @Override
  public long commit(long expectedRevision, List<MetadataChange> changes) {
    return right.commit(expectedRevision, changes);
  }

  @Override
  public long reserveUsage(KeyVersionId version, long count) {
    return right.reserveUsage(version, count);
  }

  @Override
  public boolean isExclusive() {
    return right.isExclusive();
  }

  @Override
  public CheckResult check() {
    return right.check();
  }

  @Override
  public void close() {
    right.close();
  }
}
