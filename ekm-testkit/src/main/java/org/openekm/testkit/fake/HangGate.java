// SPDX-License-Identifier: Apache-2.0
package org.openekm.testkit.fake;

import java.time.Duration;

/**
 * Where calls wait until they are let go. Waiting ignores interrupts, as a call that is stuck
 * inside a native library does; the interrupt flag is set again afterwards.
 *
 * <p>A call takes its {@link #pass} before it looks up whether it shall wait, so that a release
 * between the look-up and the wait is never lost.
 */
final class HangGate {

  private long releases;
  private int waiting;

  /** One call's right to wait. */
  final class Pass {

    private final long seen;

    private Pass(long seen) {
      this.seen = seen;
    }

    /** Waits until there has been a release since the pass was taken. */
    void await() {
      HangGate.this.await(seen, Long.MAX_VALUE);
    }

    /** Waits likewise, but no longer than the time. */
    void await(Duration time) {
      HangGate.this.await(seen, time.toNanos());
    }
  }

  /** Returns a pass for a call that begins now. */
  synchronized Pass pass() {
    return new Pass(releases);
  }

  /** Lets everybody go who waits now or holds a pass. */
  synchronized void release() {
    releases++;
    notifyAll();
  }

  synchronized int waiting() {
    return waiting;
  }

  private synchronized void await(long seen, long nanos) {
    long start = System.nanoTime();
    long left = nanos;
    boolean interrupted = false;
    waiting++;
    while (left > 0 && releases == seen) {
      try {
        wait(Duration.ofNanos(left).toMillis() + 1);
      } catch (InterruptedException e) {
        interrupted = true;
      }
      left = nanos - (System.nanoTime() - start);
    }
    waiting--;
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
  }
}
