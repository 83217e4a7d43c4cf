// SPDX-License-Identifier: Apache-2.0
package org.openekm.core.history;

import java.util.List;
import java.util.Optional;
import java.util.concurrent.Executor;
import java.util.function.UnaryOperator;
import org.openekm.api.KeyVersionId;
import org.openekm.core.store.InMemoryMetadataStore;
import org.openekm.spi.CheckResult;
import org.openekm.spi.store.MetadataChange;
import org.openekm.spi.store.MetadataSnapshot;
import org.openekm.spi.store.MetadataStore;
import org.openekm.spi.store.NodeRegistry;
import org.openekm.testkit.fake.FakeNodeRegistry;

/** A store in memory for several nodes, which are told of changes soon after. */
final class SharedMemoryStore implements MetadataStore {

  private final InMemoryMetadataStore real = new InMemoryMetadataStore();
  private final FakeNodeRegistry account = new FakeNodeRegistry(real::revision);
  private final NodeRegistry shown;
  private final Executor executor;

  SharedMemoryStore(Executor executor) {
    this(executor, account -> account);
  }

  /** Makes a store that shows its account of nodes as something else. */
  SharedMemoryStore(Executor executor, UnaryOperator<NodeRegistry> showing) {
    this.executor = executor;
    this.shown = showing.apply(account);
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
    long revision = real.commit(expectedRevision, changes);
    executor.execute(account::tell);
    return revision;
  }

  @Override
  public long reserveUsage(KeyVersionId version, long count) {
    return real.reserveUsage(version, count);
  }

  @Override
  public boolean isExclusive() {
    return false;
  }

  @Override
  public Optional<NodeRegistry> nodes() {
    return Optional.of(shown);
  }

  @Override
  public CheckResult check() {
    return real.check();
  }

  @Override
  public void close() {
    // Each node closes it; the test's nodes end together, and memory needs no closing.
  }
}
