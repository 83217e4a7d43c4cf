// SPDX-License-Identifier: Apache-2.0
package org.openekm.core.internal.call;

import java.time.Duration;
import java.time.InstantSource;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.openekm.api.Deadline;
import org.openekm.api.EkmErrorCode;
import org.openekm.api.EkmException;
import org.openekm.api.NanoClock;
import org.openekm.core.audit.AuditLog;
import org.openekm.core.backend.BackendErrors;
import org.openekm.core.catalog.AnswerGate;
import org.openekm.core.catalog.CatalogView;
import org.openekm.core.catalog.FirstUses;
import org.openekm.core.catalog.KeyEntry;
import org.openekm.spi.backend.BackendException;
import org.openekm.spi.event.CallCompleted;
import org.openekm.spi.event.EkmListener;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Lets no result out before the catalog was looked at again and the audit record is durable, and no
 * refusal out before it is recorded as well.
 */
final class AuditedCalls {

  private static final Logger LOG = LoggerFactory.getLogger(AuditedCalls.class);

  /**
   * A refusal is recorded even when the call's own deadline has passed: the caller's read time-out
   * leaves room for it.
   */
  private static final Duration REFUSAL_GRACE = Duration.ofMillis(50);

  private final AccessGuard guard;
  private final AnswerGate gate;
  private final AuditLog audit;
  private final FirstUses firstUses;
  private final EkmListener listener;
  private final InstantSource clock;
  private final NanoClock nanoClock;

  AuditedCalls(
      AccessGuard guard,
      AnswerGate gate,
      AuditLog audit,
      FirstUses firstUses,
      CallEnvironment environment) {
    this.guard = guard;
    this.gate = gate;
    this.audit = audit;
    this.firstUses = firstUses;
    this.listener = environment.listener();
    this.clock = environment.clock();
    this.nanoClock = environment.nanoClock();
  }

  /**
   * A result that may be given out.
   *
   * @param result the result
   * @param ticket to be closed once it is with the caller; until then no change that takes access
   *     away is acknowledged
   */
  record Cleared<R>(R result, AnswerGate.Ticket ticket) {}

  /**
   * Runs a call. An error of the virtual machine, such as a native library that is not there, ends
   * the call like any other fault of ours: it is recorded, and no result and no place in the gate
   * is left behind.
   *
   * @param work does it and gives the result
   * @param discard wipes a result that may not be given out after all
   * @throws EkmException in every case of failure
   */
  <R> Cleared<R> run(CallRecord call, Deadline deadline, Supplier<R> work, Consumer<R> discard) {
    R result;
    try {
      result = work.get();
    } catch (RuntimeException | Error e) {
      throw refused(call, deadline, e);
    }
    AnswerGate.Ticket ticket = gate.enter();
    try {
      clear(call, deadline);
    } catch (RuntimeException | Error e) {
      ticket.close();
      discard.accept(result);
      throw refused(call, deadline, e);
    }
    noteUse(call.admission());
    listener.onCall(
        new CallCompleted(Optional.of(call.operation()), Optional.empty(), elapsed(call)));
    return new Cleared<>(result, ticket);
  }

  /**
   * Within the gate: a change that takes access away is acknowledged only when everybody who looked
   * before it is out again.
   */
  private void clear(CallRecord call, Deadline deadline) {
    CatalogView seen = guard.confirm(call, deadline);
    Admission admission = call.admission();
    if (admission == null || admission.vault().record().auditSuccess()) {
      audit.append(call.success(clock.instant(), elapsed(call)), deadline);
    }
    guard.requireStillValid(seen);
  }

  private void noteUse(@Nullable Admission admission) {
    if (admission != null) {
      firstUses.ofVault(admission.vault(), admission.at());
      KeyEntry key = admission.keyEntry();
      if (key != null) {
        firstUses.ofKey(key, admission.at());
      }
    }
  }

  private EkmException refused(CallRecord call, Deadline deadline, Throwable cause) {
    EkmException failure = asEkmException(cause);
    if (failure.code() != EkmErrorCode.AUDIT_UNAVAILABLE) {
      try {
        audit.append(
            call.failure(clock.instant(), elapsed(call), failure), refusalDeadline(deadline));
      } catch (EkmException e) {
        e.addSuppressed(failure);
        failure = e;
      }
    }
    listener.onCall(
        new CallCompleted(
            Optional.of(call.operation()), Optional.of(failure.code()), elapsed(call)));
    return failure;
  }

  private Deadline refusalDeadline(Deadline deadline) {
    return deadline.remaining().compareTo(REFUSAL_GRACE) > 0
        ? deadline
        : Deadline.after(REFUSAL_GRACE, nanoClock);
  }

  private static EkmException asEkmException(Throwable cause) {
    if (cause instanceof EkmException known) {
      return known;
    }
    if (cause instanceof BackendException backend) {
      return BackendErrors.toEkm(backend);
    }
    LOG.error("A call failed by a fault of ours", cause);
    return new EkmException(EkmErrorCode.INTERNAL, cause.getClass().getSimpleName(), cause);
  }

  private long elapsed(CallRecord call) {
    return nanoClock.nanos() - call.startNanos();
  }
}
