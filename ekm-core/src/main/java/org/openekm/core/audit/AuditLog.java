// SPDX-License-Identifier: Apache-2.0
package org.openekm.core.audit;

import static java.util.Objects.requireNonNull;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;
import org.openekm.api.Deadline;
import org.openekm.api.EkmErrorCode;
import org.openekm.api.EkmException;
import org.openekm.api.NanoClock;
import org.openekm.spi.CheckResult;
import org.openekm.spi.audit.AuditEvent;
import org.openekm.spi.audit.AuditReceipt;
import org.openekm.spi.audit.AuditSink;
import org.openekm.spi.event.AuditBatchCompleted;
import org.openekm.spi.event.EkmListener;

/**
 * Has events kept by an audit sink before their requests are answered, within a bounded time, or
 * says that it could not.
 *
 * <p>Many request threads append at once; what has gathered while the sink was busy goes to it as
 * one batch (group commit). The sink runs on the executor only, one task at a time and only while
 * there is work, so a sink that hangs holds one thread of the executor and nothing else: requests
 * wait no longer than {@link AuditLogConfig#maxWait()} and then fail.
 *
 * <p>What the log says stays true when a request gives up. If its event was still queued, it is
 * kept with the outcome {@code AUDIT_UNAVAILABLE} and the detail {@code withheld} that names the
 * outcome it would have had. If it was being written just then, the same correction follows it.
 * Events that never reached the sink are counted and announced by an event {@code audit.gap} with
 * the next event that the sink takes, or when the log closes.
 *
 * <p>Thread-safe. Owns the sink and closes it.
 */
public final class AuditLog implements AutoCloseable {

  private static final long CLOSE_WAIT_SECONDS = 5;

  private final AuditSink sink;
  private final AuditLogConfig config;
  private final Executor writer;
  private final NanoClock clock;
  private final EkmListener listener;
  private final ArrayBlockingQueue<PendingEvent> queue;
  private final long maxWaitNanos;

  /** Whoever holds the one permit may call the sink. Guards {@link #corrections}. */
  private final Semaphore turn = new Semaphore(1);

  private final List<AuditEvent> corrections = new ArrayList<>();
  private final AtomicLong unrecorded = new AtomicLong();

  private volatile boolean closed;
  private volatile boolean appending;
  private volatile long appendStartedAt;
  private volatile boolean failing;
  private volatile Instant lastRefusedAt = Instant.EPOCH;

  /**
   * Makes a log.
   *
   * @param writer runs the sink; must have a thread free at any time and must not run tasks on the
   *     calling thread
   */
  public AuditLog(
      AuditSink sink,
      AuditLogConfig config,
      Executor writer,
      NanoClock clock,
      EkmListener listener) {
    this.sink = requireNonNull(sink, "sink");
    this.config = requireNonNull(config, "config");
    this.writer = requireNonNull(writer, "writer");
    this.clock = requireNonNull(clock, "clock");
    this.listener = requireNonNull(listener, "listener");
    this.queue = new ArrayBlockingQueue<>(config.queueCapacity());
    this.maxWaitNanos = config.maxWait().toNanos();
  }

  /**
   * Has the event kept and returns once it is durable.
   *
   * @param deadline waits no longer than until then, nor longer than {@link
   *     AuditLogConfig#maxWait()}
   * @return the receipt of the batch that the event was part of
   * @throws EkmException {@code AUDIT_UNAVAILABLE} if that did not work out in time; nothing may be
   *     answered then
   */
  public AuditReceipt append(AuditEvent event, Deadline deadline) {
    return append(event, Math.min(maxWaitNanos, deadline.remainingNanos()));
  }

  /**
   * Has the event kept and returns once it is durable, for administration and the server's own
   * events: nobody's read time-out runs there, so it waits until the deadline alone.
   *
   * @throws EkmException {@code AUDIT_UNAVAILABLE} if that did not work out in time
   */
  public AuditReceipt appendPatiently(AuditEvent event, Deadline deadline) {
    return append(event, deadline.remainingNanos());
  }

  private AuditReceipt append(AuditEvent event, long waitNanos) {
    if (closed) {
      throw unavailable("the audit log is closed");
    }
    PendingEvent pending = new PendingEvent(event);
    if (!queue.offer(pending)) {
      countRefused(event.time());
      throw unavailable("the audit queue is full with " + config.queueCapacity() + " events");
    }
    startWriter();
    if (!pending.await(waitNanos)) {
      throw unavailable("the audit sink did not confirm the event in time");
    }
    AuditReceipt receipt = pending.receipt();
    if (receipt == null) {
      throw unavailable(pending.failure());
    }
    return receipt;
  }

  /** Tries whether the next append would work; doesn't throw. */
  public CheckResult check() {
    if (closed) {
      return CheckResult.failed("the audit log is closed");
    }
    if (appending) {
      long running = clock.nanos() - appendStartedAt;
      return running > maxWaitNanos
          ? CheckResult.failed(
              "the audit sink has been busy with one batch for "
                  + TimeUnit.NANOSECONDS.toMillis(running)
                  + " ms; look at its disk or network")
          : CheckResult.ok("the audit sink is writing");
    }
    return sink.check();
  }

  /**
   * Refuses further events, has the waiting ones kept and closes the sink. Waits at most 10
   * seconds; a sink that still hangs then is left alone with a warning, for closing it meanwhile
   * could damage what it is writing.
   */
  @Override
  public synchronized void close() {
    if (closed) {
      return;
    }
    closed = true;
    startWriter();
    boolean ended = writerHasEnded();
    if (ended && gapIsDue()) {
      // A writer that was just ending did not know yet that the log closes.
      turn.release();
      startWriter();
      ended = writerHasEnded();
    }
    if (ended) {
      failQueued("the audit log is closed");
      sink.close();
    } else {
      listener.onWarning(
          "audit-close",
          "the audit sink still hangs and was not closed; the last events may be missing");
    }
  }

  private boolean writerHasEnded() {
    try {
      // The permit is never given back, so that no writer can start on the closed sink.
      return turn.tryAcquire(CLOSE_WAIT_SECONDS, TimeUnit.SECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return turn.tryAcquire();
    }
  }

  private void startWriter() {
    if (!turn.tryAcquire()) {
      return;
    }
    AtomicBoolean due = new AtomicBoolean(true);
    try {
      writer.execute(
          () -> {
            if (due.getAndSet(false)) {
              drain();
            }
          });
    } catch (RejectedExecutionException | OutOfMemoryError e) {
      // Out of memory is also what a refused native thread looks like. The task may be queued in
      // the executor all the same, so it is called off.
      if (due.getAndSet(false)) {
        turn.release();
        failQueued("the executor of the audit log takes no more work");
      }
    }
  }

  private void drain() {
    try {
      boolean working = true;
      while (working && (!queue.isEmpty() || !corrections.isEmpty() || gapIsDue())) {
        working = writeBatch();
      }
    } finally {
      turn.release();
      // Whoever queued an event between the last look and the release found the turn taken.
      if (!queue.isEmpty()) {
        startWriter();
      }
    }
  }

  /**
   * Returns false if there is nothing left to do, or nothing but old corrections for a sink that
   * fails.
   */
  private boolean writeBatch() {
    List<PendingEvent> taken = new ArrayList<>();
    queue.drainTo(taken, config.maxBatch());
    List<AuditEvent> batch = new ArrayList<>(taken.size() + corrections.size() + 1);
    batch.addAll(corrections);
    for (PendingEvent pending : taken) {
      batch.add(pending.take());
    }
    long gap = unrecorded.getAndSet(0);
    if (gap > 0) {
      batch.add(0, gapEvent(lastRefusedAt, gap));
    }
    if (batch.isEmpty()) {
      return false;
    }
    long startedAt = clock.nanos();
    boolean durable = keep(batch, taken, gap);
    listener.onAuditBatch(
        new AuditBatchCompleted(batch.size(), durable, clock.nanos() - startedAt));
    return durable || !queue.isEmpty();
  }

  private boolean keep(List<AuditEvent> batch, List<PendingEvent> taken, long gap) {
    @Nullable AuditReceipt receipt = null;
    String failure = "broke down";
    appendStartedAt = clock.nanos();
    appending = true;
    try {
      receipt = sink.append(batch);
    } catch (RuntimeException e) {
      failure = "failed: " + e.getMessage();
    } finally {
      // Also after an Error, which goes on to the executor: its events are refused and counted.
      appending = false;
      if (receipt == null) {
        failed(taken, gap, "the audit sink " + failure);
      }
    }
    if (receipt == null) {
      return false;
    }
    succeeded(taken, receipt);
    return true;
  }

  /** Before the sink closes is the last chance to say what is missing. */
  private boolean gapIsDue() {
    return closed && unrecorded.get() > 0;
  }

  private void succeeded(List<PendingEvent> taken, AuditReceipt receipt) {
    failing = false;
    corrections.clear();
    for (PendingEvent pending : taken) {
      if (!pending.complete(receipt)) {
        corrections.add(pending.withheld());
      }
    }
  }

  private void failed(List<PendingEvent> taken, long gap, String reason) {
    unrecorded.addAndGet(gap);
    refused(taken, reason);
    if (!failing) {
      failing = true;
      listener.onWarning("audit-failed", reason + "; requests are refused until it works again");
    }
  }

  private void failQueued(String reason) {
    List<PendingEvent> left = new ArrayList<>();
    queue.drainTo(left);
    refused(left, reason);
  }

  private void refused(List<PendingEvent> pendings, String reason) {
    for (PendingEvent pending : pendings) {
      countRefused(pending.time());
      pending.fail(reason);
    }
  }

  private void countRefused(Instant time) {
    lastRefusedAt = time;
    unrecorded.incrementAndGet();
  }

  private static AuditEvent gapEvent(Instant time, long count) {
    return AuditEvent.builder(time, "audit.gap")
        .outcome(EkmErrorCode.AUDIT_UNAVAILABLE.name())
        .actor("server")
        .detail("refused", Long.toString(count))
        .build();
  }

  private static EkmException unavailable(String detail) {
    return new EkmException(EkmErrorCode.AUDIT_UNAVAILABLE, detail);
  }
}
