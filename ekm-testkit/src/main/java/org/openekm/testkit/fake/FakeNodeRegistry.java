// SPDX-License-Identifier: Apache-2.0
package org.openekm.testkit.fake;

import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.LongSupplier;
import org.openekm.spi.store.NodeId;
import org.openekm.spi.store.NodeRecord;
import org.openekm.spi.store.NodeRegistry;
import org.openekm.spi.store.StoreException;

/** An account of nodes in memory, which can be made unreachable. Thread-safe. */
public final class FakeNodeRegistry implements NodeRegistry {

  private final LongSupplier revision;
  private final Map<NodeId, NodeRecord> nodes = new ConcurrentHashMap<>();
  private final List<Runnable> listening = new CopyOnWriteArrayList<>();
  private volatile boolean unreachable;

  /** Makes an empty account. */
  public FakeNodeRegistry(LongSupplier revision) {
    this.revision = revision;
  }

  /** Makes every call fail, or work again. */
  public void unreachable(boolean value) {
    unreachable = value;
  }

  /** Tells everybody who listens, on this thread. */
  public void tell() {
    listening.forEach(Runnable::run);
  }

  @Override
  public long report(NodeId node, String name, long acknowledged) {
    requireReachable();
    nodes.put(node, new NodeRecord(node, name, acknowledged, Duration.ZERO));
    return revision.getAsLong();
  }

  @Override
  public List<NodeRecord> nodes() {
    requireReachable();
    return nodes.values().stream()
        .sorted(Comparator.comparing(NodeRecord::name).thenComparing(node -> node.id().toString()))
        .toList();
  }

  @Override
  public void leave(NodeId node) {
    requireReachable();
    nodes.remove(node);
  }

  @Override
  public void onNews(Runnable news) {
    listening.add(news);
  }

  private void requireReachable() {
    if (unreachable) {
      throw new StoreException("the account of nodes can't be reached", null);
    }
  }
}
