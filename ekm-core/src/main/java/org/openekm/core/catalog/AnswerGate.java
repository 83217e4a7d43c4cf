// SPDX-License-Identifier: Apache-2.0
package org.openekm.core.catalog;

import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLongArray;
import java.util.concurrent.locks.LockSupport;
import java.util.concurrent.locks.ReentrantLock;
import org.openekm.api.NanoClock;

/**
 * Lets a change wait until every answer that could rest on older metadata is out.
 *
 * <p>A request enters right before its last look at the snapshot and leaves when its answer has
 * been handed out or dropped. A change swaps the snapshot first and waits then: whoever entered
 * before the swap is waited for, whoever enters later sees the new snapshot.
 *
 * <p>Requests only add to and take from a counter of their own stripe, in one of two sets. The
 * waiter turns new requests over to the other set and waits for the first to drain, so a steady
 * stream of requests can't hold it up.
 *
 * <p>Thread-safe. Entering and leaving never block.
 */
public final class AnswerGate {

  private static final int STRIPES = 32;
  // Keeps the stripes on cache lines of their own.
  private static final int SPACING = 16;
  private static final int SETS = 2;
  private static final long POLL_NANOS = TimeUnit.MICROSECONDS.toNanos(50);

  private final AtomicLongArray present = new AtomicLongArray(SETS * STRIPES * SPACING);
  private final ReentrantLock waiting = new ReentrantLock();
  private final NanoClock clock;
  private volatile int openSet;

  /** Makes a gate that measures its waits by the clock. */
  public AnswerGate(NanoClock clock) {
    this.clock = clock;
  }

  /**
   * Enters; call before the last look at the snapshot. The ticket must be closed, best by
   * try-with-resources.
   */
  public Ticket enter() {
    int stripe = (int) (Thread.currentThread().getId() & (STRIPES - 1));
    int slot = (openSet * STRIPES + stripe) * SPACING;
    present.getAndIncrement(slot);
    return new Ticket(present, slot);
  }

  /**
   * Waits until everybody who entered before this call has left.
   *
   * @return false if that took longer than {@code limit} or the thread was interrupted, whose mark
   *     then stays set; somebody may still answer by what they saw before
   */
  public boolean awaitQuiescence(Duration limit) {
    long end = clock.nanos() + limit.toNanos();
    while (!waiting.tryLock()) {
      if (!pause(end)) {
        return false;
      }
    }
    try {
      // A request may have read the number of the set long ago and only now be counted there, so
      // both sets must
      // have been seen empty: first the one that nobody new should enter, then the one that was
      // open until now.
      int open = openSet;
      if (!awaitEmpty(1 - open, end)) {
        return false;
      }
      openSet = 1 - open;
      return awaitEmpty(open, end);
    } finally {
      waiting.unlock();
    }
  }

  private boolean awaitEmpty(int set, long end) {
    for (int stripe = 0; stripe < STRIPES; stripe++) {
      while (present.get((set * STRIPES + stripe) * SPACING) != 0) {
        if (!pause(end)) {
          return false;
        }
      }
    }
    return true;
  }

  private boolean pause(long end) {
    if (Thread.currentThread().isInterrupted() || end - clock.nanos() <= 0) {
      return false;
    }
    LockSupport.parkNanos(this, POLL_NANOS);
    return true;
  }

  /** The right to answer by what the holder now sees. */
  public static final class Ticket implements AutoCloseable {

    private final AtomicLongArray present;
    private final int slot;
    private final AtomicBoolean left = new AtomicBoolean();

    private Ticket(AtomicLongArray present, int slot) {
      this.present = present;
      this.slot = slot;
    }

    /** Leaves. May be called repeatedly and from another thread than entered. */
    @Override
    public void close() {
      if (left.compareAndSet(false, true)) {
        present.getAndDecrement(slot);
      }
    }
  }
}
