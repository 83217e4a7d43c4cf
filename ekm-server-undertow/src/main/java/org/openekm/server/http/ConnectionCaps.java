// SPDX-License-Identifier: Apache-2.0
package org.openekm.server.http;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.LongAdder;
import org.xnio.ChannelListener;
import org.xnio.IoUtils;
import org.xnio.StreamConnection;

/**
 * Lets a connection in if neither all connections nor those of its address have reached their
 * limit; else closes it.
 */
final class ConnectionCaps implements ChannelListener<StreamConnection> {

  private final ChannelListener<? super StreamConnection> next;
  private final int maxTotal;
  private final int maxPerAddress;
  private final AtomicInteger total = new AtomicInteger();
  private final LongAdder refused = new LongAdder();
  private final ConcurrentHashMap<InetAddress, Integer> perAddress = new ConcurrentHashMap<>();

  ConnectionCaps(ChannelListener<? super StreamConnection> next, HttpLimits.Connections limits) {
    this.next = next;
    this.maxTotal = limits.total();
    this.maxPerAddress = limits.perAddress();
  }

  @Override
  public void handleEvent(StreamConnection connection) {
    InetSocketAddress peer = connection.getPeerAddress(InetSocketAddress.class);
    if (peer == null || !enter(peer.getAddress())) {
      refused.increment();
      IoUtils.safeClose(connection);
      return;
    }
    AtomicBoolean left = new AtomicBoolean();
    Runnable leave =
        () -> {
          if (left.compareAndSet(false, true)) {
            leave(peer.getAddress());
          }
        };
    next.handleEvent(connection);
    // Undertow has set its own listener by now: ours goes before it.
    ChannelListener<? super StreamConnection> theirs = connection.getCloseListener();
    connection.setCloseListener(
        closed -> {
          leave.run();
          if (theirs != null) {
            theirs.handleEvent(closed);
          }
        });
    if (!connection.isOpen()) {
      leave.run();
    }
  }

  int open() {
    return total.get();
  }

  long refused() {
    return refused.sum();
  }

  private boolean enter(InetAddress address) {
    if (total.incrementAndGet() > maxTotal) {
      total.decrementAndGet();
      return false;
    }
    if (perAddress.merge(address, 1, Integer::sum) > maxPerAddress) {
      leave(address);
      return false;
    }
    return true;
  }

  private void leave(InetAddress address) {
    total.decrementAndGet();
    perAddress.computeIfPresent(address, (key, count) -> count == 1 ? null : count - 1);
  }
}
