// SPDX-License-Identifier: Apache-2.0
package org.openekm.core.audit;

import java.time.Instant;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;
import org.openekm.api.EkmErrorCode;
import org.openekm.spi.audit.AuditEvent;
import org.openekm.spi.audit.AuditReceipt;

/**
 * One event on its way from the request thread that waits for it to the writer.
 *
 * <p>Both sides only ever move the state by compare-and-set, so that they agree on whether the
 * request was answered as if the event had been kept.
 */
final class PendingEvent {

  private enum State {
    QUEUED,
    TAKEN,
    GIVEN_UP_QUEUED,
    GIVEN_UP_TAKEN,
    DONE
  }

  private final AuditEvent event;
  private final AtomicReference<State> state = new AtomicReference<>(State.QUEUED);
  private final CountDownLatch done = new CountDownLatch(1);
  private @Nullable AuditReceipt receipt;
  private String failure = "";

  PendingEvent(AuditEvent event) {
    this.event = event;
  }

  /** Returns when the event happened. */
  Instant time() {
    return event.time();
  }

  /**
   * Waits for the writer; called by the request thread.
   *
   * @return true if the writer is done with it, false if the request gave up and the event will not
   *     be kept as it is
   */
  boolean await(long nanos) {
    try {
      if (done.await(Math.max(0, nanos), TimeUnit.NANOSECONDS)) {
        return true;
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    return !state.compareAndSet(State.QUEUED, State.GIVEN_UP_QUEUED)
        && !state.compareAndSet(State.TAKEN, State.GIVEN_UP_TAKEN);
  }

  /**
   * Returns the event to write; called by the writer. It tells of a refusal if the request has
   * given up.
   */
  AuditEvent take() {
    return state.compareAndSet(State.QUEUED, State.TAKEN) ? event : withheld();
  }

  /**
   * Says that the event is durable; called by the writer.
   *
   * @return false if the request gave up while the event was being written as it is, so that a
   *     correction must follow
   */
  boolean complete(AuditReceipt value) {
    receipt = value;
    return finish();
  }

  /** Says that the event may be lost; called by the writer. */
  void fail(String reason) {
    failure = reason;
    finish();
  }

  /** Returns what really became of the request: it was refused for want of an audit record. */
  AuditEvent withheld() {
    AuditEvent.Builder builder =
        AuditEvent.builder(event.time(), event.action())
            .outcome(EkmErrorCode.AUDIT_UNAVAILABLE.name())
            .actor(event.actor());
    event.requestId().ifPresent(builder::requestId);
    event.vault().ifPresent(builder::vault);
    event.key().ifPresent(builder::key);
    event.version().ifPresent(builder::version);
    event.details().forEach(builder::detail);
    return builder.detail("withheld", event.outcome()).build();
  }

  /** Returns the receipt, null after a failure; valid once {@link #await} has returned true. */
  @Nullable AuditReceipt receipt() {
    return receipt;
  }

  /** Returns why the event was not kept; valid once {@link #await} has returned true. */
  String failure() {
    return failure;
  }

  private boolean finish() {
    boolean answeredInTime =
        state.compareAndSet(State.TAKEN, State.DONE)
            || state.compareAndSet(State.QUEUED, State.DONE);
    done.countDown();
    return answeredInTime || state.get() == State.GIVEN_UP_QUEUED;
  }
}
