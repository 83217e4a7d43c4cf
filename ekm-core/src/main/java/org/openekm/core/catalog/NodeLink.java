// SPDX-License-Identifier: Apache-2.0
package org.openekm.core.catalog;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Collectors;
import org.openekm.spi.CheckResult;
import org.openekm.spi.event.EkmListener;
import org.openekm.spi.store.NodeId;
import org.openekm.spi.store.NodeRecord;
import org.openekm.spi.store.NodeRegistry;
import org.openekm.spi.store.StoreException;

/**
 * This node among those that answer from one store: registers it, and acknowledges a revision once
 * no answer of this node rests on an older one.
 *
 * <p>Thread-safe.
 */
public final class NodeLink {

  private final NodeRegistry registry;
  private final NodeId id;
  private final String name;
  private final Parts parts;
  private final AtomicBoolean acknowledging = new AtomicBoolean();
  private final AtomicLong serving = new AtomicLong();
  private volatile long acknowledged;
  private volatile boolean left;

  /**
   * What a node acknowledges with.
   *
   * @param gate tells when older answers are out
   * @param patience how long to wait for them before trying again
   * @param executor runs the waiting
   * @param listener hears of an acknowledgement that can't be given
   */
  public record Parts(
      AnswerGate gate, Duration patience, Executor executor, EkmListener listener) {}

  /**
   * Registers the node. Nothing may be answered before, or a change could be acknowledged without
   * it.
   *
   * @throws StoreException if the store can't be reached
   */
  public NodeLink(NodeRegistry registry, NodeId id, String name, Parts parts) {
    this.registry = registry;
    this.id = id;
    this.name = name;
    this.parts = parts;
    report();
  }

  /**
   * Returns the newest revision of the store.
   *
   * @throws StoreException if it can't be reached, or the node has left
   */
  long report() {
    if (left) {
      throw new StoreException("this node has left; start the server anew", null);
    }
    return registry.report(id, name, acknowledged);
  }

  /** Acknowledges the revision as soon as nothing can be answered by an older one. */
  void serves(long revision) {
    // Of two installations at once, the later one may come here first.
    serving.accumulateAndGet(revision, Math::max);
    if (acknowledging.compareAndSet(false, true)) {
      try {
        parts.executor().execute(this::acknowledge);
      } catch (RuntimeException e) {
        // The next revision, or the next report that finds it missing, tries again.
        acknowledging.set(false);
        parts.listener().onWarning("acknowledgement-late", "no thread was free: " + e.getMessage());
      }
    }
  }

  /** Tries again to acknowledge what is still owed. */
  void catchUp() {
    if (acknowledged < serving.get() && !left) {
      serves(serving.get());
    }
  }

  /** Returns true if every other node has acknowledged the revision. */
  boolean othersServe(long revision) {
    List<NodeRecord> nodes = registry.nodes();
    return nodes.stream().allMatch(node -> node.id().equals(id) || node.acknowledged() >= revision);
  }

  /**
   * Says which nodes there are and which of them are behind; another node's trouble does not make
   * this one unhealthy.
   */
  public CheckResult check(long revision) {
    try {
      List<NodeRecord> all = registry.nodes();
      String behind =
          all.stream()
              .filter(node -> node.acknowledged() < revision)
              .map(NodeLink::described)
              .collect(Collectors.joining(", "));
      String names = all.stream().map(NodeRecord::name).collect(Collectors.joining(", "));
      return CheckResult.ok(
          all.size() + " nodes: " + names + (behind.isEmpty() ? "" : "; behind: " + behind));
    } catch (StoreException e) {
      return CheckResult.failed(String.valueOf(e.getMessage()));
    }
  }

  private static String described(NodeRecord node) {
    return node.name()
        + " at revision "
        + node.acknowledged()
        + ", silent for "
        + node.silence().toMillis()
        + " ms";
  }

  /** Calls {@code news} soon after somebody else has committed, most of the time. */
  void onNews(Runnable news) {
    registry.onNews(news);
  }

  /**
   * Takes the node out when its last answer is gone; from now on the store does not confirm its
   * view.
   */
  void leave() {
    left = true;
    if (parts.gate().awaitQuiescence(parts.patience())) {
      registry.leave(id);
    }
  }

  private void acknowledge() {
    boolean done = false;
    try {
      done = acknowledgeAll();
    } catch (StoreException e) {
      parts.listener().onWarning("acknowledgement-late", String.valueOf(e.getMessage()));
    } finally {
      acknowledging.set(false);
    }
    if (done) {
      // For a revision that came between the last look and the mark that nobody is at it.
      catchUp();
    }
  }

  /** Returns false if an older answer does not get out. */
  private boolean acknowledgeAll() {
    while (acknowledged < serving.get() && !left) {
      long revision = serving.get();
      if (!parts.gate().awaitQuiescence(parts.patience())) {
        return false;
      }
      acknowledged = revision;
      report();
    }
    return true;
  }
}
