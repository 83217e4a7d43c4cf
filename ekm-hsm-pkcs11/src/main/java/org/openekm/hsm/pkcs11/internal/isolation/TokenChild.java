// SPDX-License-Identifier: Apache-2.0
package org.openekm.hsm.pkcs11.internal.isolation;

import static java.util.concurrent.TimeUnit.MILLISECONDS;
import static java.util.concurrent.TimeUnit.NANOSECONDS;

import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.BlockingDeque;
import java.util.concurrent.LinkedBlockingDeque;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.openekm.api.Deadline;
import org.openekm.api.NanoClock;
import org.openekm.spi.backend.BackendException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The server's side of one running token process. Thread-safe. */
final class TokenChild {

  private static final Logger LOG = LoggerFactory.getLogger(TokenChild.class);
  private static final Duration LOOK_EVERY = Duration.ofMillis(50);

  private final String name;
  private final Process process;
  private final TimedLink control;
  private final List<CallLink> links;
  private final BlockingDeque<CallLink> idle = new LinkedBlockingDeque<>();
  private final SecretAnswers secrets;
  private final NanoClock clock;
  private final Duration hangAfter;
  private final AtomicReference<@Nullable String> endReason = new AtomicReference<>();

  /** What a child is made of. */
  record Parts(Process process, TimedLink control, List<CallLink> links) {}

  TokenChild(String name, Parts parts, SecretAnswers secrets, NanoClock clock, Duration hangAfter) {
    this.name = name;
    this.process = parts.process();
    this.control = parts.control();
    this.links = List.copyOf(parts.links());
    this.secrets = secrets;
    this.clock = clock;
    this.hangAfter = hangAfter;
    idle.addAll(links);
  }

  long pid() {
    return process.pid();
  }

  /** Returns why it is of no use any more; null while it is. */
  @Nullable String endReason() {
    return endReason.get();
  }

  /**
   * Makes one call.
   *
   * @param write puts the call into the frame
   * @throws BackendException if it fails, or the process does
   */
  <T> T call(Consumer<Frame> write, Function<Frame, T> read, Deadline deadline) {
    CallLink link = borrow(deadline);
    boolean whole = false;
    try {
      T result = link.call(write, read, deadline);
      whole = true;
      return result;
    } catch (BackendException e) {
      whole = true;
      throw e;
    } catch (IOException | ProtocolException e) {
      end("its connection failed: " + e.getMessage());
      throw new BackendException.Unavailable(
          "the token's process " + pid() + " has ended during the call", true, e);
    } finally {
      if (whole) {
        giveBack(link);
      }
    }
  }

  /** Connections that still owe an answer go to the end of the queue. */
  private void giveBack(CallLink link) {
    if (link.owes()) {
      idle.addLast(link);
    } else {
      idle.addFirst(link);
    }
  }

  private CallLink borrow(Deadline deadline) {
    try {
      CallLink link = idle.pollFirst(Math.max(0, deadline.remainingNanos()), NANOSECONDS);
      if (link != null) {
        return link;
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    throw new BackendException.TimedOut(
        "no connection to the token's process became free in time", null);
  }

  /** Serves the process's questions and watches it until it ends, and returns why it did. */
  String watch() {
    Frame frame = new Frame();
    while (true) {
      String reason = endReason.get();
      if (reason != null) {
        return reason;
      }
      try {
        if (control.receive(frame, Deadline.after(LOOK_EVERY, clock))) {
          secrets.answer(control, frame);
        }
        lookForHang();
      } catch (IOException | ProtocolException e) {
        end("its connection failed: " + e.getMessage() + exitText());
      }
    }
  }

  private void lookForHang() {
    for (CallLink link : links) {
      if (link.overdue(clock.nanos()) > hangAfter.toNanos()) {
        end("a call hangs in it for more than " + hangAfter.toMillis() + " ms beyond its deadline");
        return;
      }
    }
  }

  /** Notes that it is of no use any more. */
  void end(String reason) {
    endReason.compareAndSet(null, reason);
  }

  /** Tells it to end, and kills it if it doesn't within the time. */
  void stop(Duration patience) {
    end("it was stopped");
    try {
      Frame frame = new Frame();
      control.send(frame.start(Messages.STOP), Deadline.after(patience, clock));
      if (process.waitFor(patience.toMillis(), MILLISECONDS)) {
        return;
      }
    } catch (IOException e) {
      LOG.debug("{}: process {} could not be told to stop: {}", name, pid(), e.getMessage());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } finally {
      kill();
    }
  }

  /** Ends it whatever it does, and closes all connections: calls under way fail at once. */
  void kill() {
    end("it was killed");
    process.destroyForcibly();
    close(control);
    links.forEach(link -> close(link.link()));
  }

  /** Returns true if calls are under way that may still be answered. */
  boolean inUse() {
    long now = clock.nanos();
    return links.stream().anyMatch(link -> link.busy() && link.overdue(now) <= 0);
  }

  private String exitText() {
    try {
      return process.waitFor(LOOK_EVERY.toMillis(), MILLISECONDS)
          ? "; exit code " + process.exitValue()
          : "";
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return "";
    }
  }

  private void close(TimedLink link) {
    try {
      link.close();
    } catch (IOException e) {
      LOG.debug("{}: a connection to process {}: {}", name, pid(), e.getMessage());
    }
  }
}
