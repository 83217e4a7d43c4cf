// SPDX-License-Identifier: Apache-2.0
package org.openekm.testkit.fake;

import java.util.ArrayList;
import java.util.List;
import org.openekm.spi.CheckResult;
import org.openekm.spi.audit.AuditEvent;
import org.openekm.spi.audit.AuditReceipt;
import org.openekm.spi.audit.AuditSink;
import org.openekm.spi.audit.AuditSinkException;

/**
 * Keeps audit events in memory for a test to look at; fails or hangs on cue.
 *
 * <p>Thread-safe.
 */
public final class RecordingAuditSink implements AuditSink {

  private final HangGate gate = new HangGate();
  private final List<List<AuditEvent>> batches = new ArrayList<>();
  private long sequence;
  private boolean failing;
  private boolean hanging;
  private boolean closed;

  /** Lets every append fail from now on; nothing of it is kept. */
  public synchronized void fail() {
    failing = true;
  }

  /**
   * Lets every append hang from now on, until {@link #recover()} or {@link #close()}; then it goes
   * on as usual.
   */
  public synchronized void hang() {
    hanging = true;
  }

  /** Ends failing and hanging. */
  public void recover() {
    synchronized (this) {
      failing = false;
      hanging = false;
    }
    gate.release();
  }

  /**
   * Returns how many appends hang right now; one at most, unless the caller breaks the contract.
   */
  public int hanging() {
    return gate.waiting();
  }

  /** Returns all events that were kept, in their order. */
  public synchronized List<AuditEvent> events() {
    return batches.stream().flatMap(List::stream).toList();
  }

  /** Returns the kept events of one action. */
  public List<AuditEvent> events(String action) {
    return events().stream().filter(event -> event.action().equals(action)).toList();
  }

  /** Returns the kept batches, in their order. */
  public synchronized List<List<AuditEvent>> batches() {
    return List.copyOf(batches);
  }

  /** Returns true after {@link #close()}. */
  public synchronized boolean isClosed() {
    return closed;
  }

  @Override
  public AuditReceipt append(List<AuditEvent> batch) {
    if (batch.isEmpty()) {
      throw new IllegalArgumentException("a batch must hold at least one event");
    }
    HangGate.Pass pass = gate.pass();
    if (isHanging()) {
      pass.await();
    }
    return keep(batch);
  }

  @Override
  public synchronized CheckResult check() {
    if (closed) {
      return CheckResult.failed("the recording sink is closed");
    }
    return failing || hanging
        ? CheckResult.failed("scripted: the audit disk is not available")
        : CheckResult.ok("the recording sink holds " + sequence + " events");
  }

  @Override
  public void close() {
    synchronized (this) {
      closed = true;
      hanging = false;
    }
    gate.release();
  }

  private synchronized boolean isHanging() {
    return hanging;
  }

  private synchronized AuditReceipt keep(List<AuditEvent> batch) {
    if (closed) {
      throw new AuditSinkException("the recording sink is closed", null);
    }
    if (failing) {
      throw new AuditSinkException("scripted: the audit disk is full", null);
    }
    batches.add(List.copyOf(batch));
    sequence += batch.size();
    return new AuditReceipt(sequence, "");
  }
}
