// SPDX-License-Identifier: Apache-2.0
package org.openekm.server.http;

import java.net.InetAddress;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.openekm.api.NanoClock;

/**
 * Refuses requests of an address that sends faster than it may.
 *
 * <p>Each address has one number: the time at which its next request would be due at the permitted
 * pace. Requests may run ahead of it by one second's worth.
 */
final class RateLimit implements Stage {

  private static final long BURST_NANOS = TimeUnit.SECONDS.toNanos(1);
  private static final int MAX_ADDRESSES = 10_000;

  private final Stage next;
  private final NanoClock clock;
  private final long nanosPerRequest;
  private final ConcurrentHashMap<InetAddress, AtomicLong> due = new ConcurrentHashMap<>();

  RateLimit(Stage next, int requestsPerSecond, NanoClock clock) {
    this.next = next;
    this.clock = clock;
    this.nanosPerRequest = requestsPerSecond > 0 ? BURST_NANOS / requestsPerSecond : 0;
  }

  @Override
  public void handle(Call call) {
    if (permits(call.exchange().getSourceAddress().getAddress())) {
      next.handle(call);
    } else {
      call.refuse(Refusal.RATE_LIMITED);
    }
  }

  /** Returns true if the address keeps to the pace, or if there is none. */
  boolean permits(InetAddress address) {
    if (nanosPerRequest == 0) {
      return true;
    }
    long now = clock.nanos();
    if (due.size() > MAX_ADDRESSES) {
      due.values().removeIf(time -> time.get() - now < 0);
    }
    AtomicLong time = due.computeIfAbsent(address, unseen -> new AtomicLong(now));
    while (true) {
      long current = time.get();
      long following = (current - now < 0 ? now : current) + nanosPerRequest;
      if (following - now > BURST_NANOS) {
        return false;
      }
      if (time.compareAndSet(current, following)) {
        return true;
      }
    }
  }
}
