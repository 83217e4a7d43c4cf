// SPDX-License-Identifier: Apache-2.0
package org.openekm.hsm.pkcs11.internal.isolation;

import java.io.IOException;
import java.time.Duration;
import java.util.function.Consumer;
import java.util.function.Function;
import org.openekm.api.Deadline;
import org.openekm.api.NanoClock;
import org.openekm.spi.backend.BackendException;

/**
 * One connection for calls. Used by one thread at a time, but for what the watcher asks.
 *
 * <p>A call whose caller gave up still owes its answer: whoever uses the connection next takes it
 * in first and wipes it.
 */
final class CallLink {

  private static final long NOT_BUSY = Long.MIN_VALUE;

  private final TimedLink link;
  private final NanoClock clock;
  private final Frame frame = new Frame();

  /** When the call under way, or the one owed, was due. */
  private volatile long dueAt = NOT_BUSY;

  private boolean owes;

  CallLink(TimedLink link, NanoClock clock) {
    this.link = link;
    this.clock = clock;
  }

  TimedLink link() {
    return link;
  }

  /** Returns true if a call's answer is outstanding although its caller has given up. */
  boolean owes() {
    return owes;
  }

  boolean busy() {
    return dueAt != NOT_BUSY;
  }

  /** Returns by how many nanoseconds the call under way is late; negative if there is time left. */
  long overdue(long now) {
    long due = dueAt;
    return due == NOT_BUSY ? Long.MIN_VALUE : now - due;
  }

  <T> T call(Consumer<Frame> write, Function<Frame, T> read, Deadline deadline) throws IOException {
    if (owes && !settle(deadline)) {
      throw late();
    }
    dueAt = clock.nanos() + Math.max(0, deadline.remainingNanos());
    try {
      write.accept(frame);
      if (!link.send(frame, deadline)) {
        throw new IOException("a call could not be sent in time");
      }
    } finally {
      frame.wipe();
    }
    owes = true;
    if (!settleOwn(deadline)) {
      throw late();
    }
    try {
      return answer(read);
    } finally {
      frame.wipe();
    }
  }

  /** Takes in an answer that nobody waits for any more. */
  private boolean settle(Deadline deadline) throws IOException {
    if (!settleOwn(deadline)) {
      return false;
    }
    frame.wipe();
    return true;
  }

  private boolean settleOwn(Deadline deadline) throws IOException {
    if (!link.receive(frame, deadline)) {
      return false;
    }
    owes = false;
    dueAt = NOT_BUSY;
    return true;
  }

  private <T> T answer(Function<Frame, T> read) {
    byte type = frame.open();
    if (type == Messages.FAILURE) {
      throw Failures.read(frame);
    }
    if (type != Messages.RESULT) {
      throw new ProtocolException("an answer of type " + type);
    }
    T result = read.apply(frame);
    frame.end();
    return result;
  }

  private static BackendException late() {
    return new BackendException.TimedOut("the token's process did not answer in time", null);
  }

  /** Returns the time that a call's frame tells the process. */
  static long remaining(Deadline deadline) {
    return Math.min(deadline.remainingNanos(), Duration.ofHours(1).toNanos());
  }
}
