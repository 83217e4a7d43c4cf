// SPDX-License-Identifier: Apache-2.0
package org.openekm.core.internal.call;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.security.SecureRandom;
import java.time.Duration;
import java.util.Arrays;
import java.util.Optional;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.openekm.api.Deadline;
import org.openekm.api.EkmErrorCode;
import org.openekm.api.EkmException;
import org.openekm.api.NanoClock;
import org.openekm.api.Operation;
import org.openekm.api.RequestId;
import org.openekm.core.audit.AuditLog;
import org.openekm.core.audit.AuditLogConfig;
import org.openekm.core.catalog.AnswerGate;
import org.openekm.core.catalog.FirstUses;
import org.openekm.core.catalog.KeyCatalog;
import org.openekm.core.policy.RulePolicyEngine;
import org.openekm.core.store.InMemoryMetadataStore;
import org.openekm.spi.event.CallCompleted;
import org.openekm.testkit.fake.ManualClock;
import org.openekm.testkit.fake.RecordingAuditSink;
import org.openekm.testkit.fake.RecordingListener;

final class AuditedCallsTest {

  private final ExecutorService threads = Executors.newCachedThreadPool();
  private final ManualClock clock = new ManualClock();
  private final RecordingListener listener = new RecordingListener();
  private final RecordingAuditSink sink = new RecordingAuditSink();
  private final CallEnvironment environment =
      new CallEnvironment(clock, NanoClock.system(), new SecureRandom(), listener);
  private final AuditLog audit =
      new AuditLog(
          sink,
          new AuditLogConfig(16, Duration.ofSeconds(10), 16),
          threads,
          NanoClock.system(),
          listener);
  private final KeyCatalog catalog =
      new KeyCatalog(
          new InMemoryMetadataStore(),
          new RulePolicyEngine(),
          Duration.ofSeconds(1),
          listener,
          new KeyCatalog.Environment(NanoClock.system(), threads));
  private final AnswerGate gate = new AnswerGate(NanoClock.system());
  private final AuditedCalls calls =
      new AuditedCalls(
          new AccessGuard(catalog, environment), gate, audit, new FirstUses(), environment);
  private final Deadline deadline = Deadline.after(Duration.ofSeconds(20), NanoClock.system());

  @AfterEach
  void close() {
    audit.close();
    threads.shutdownNow();
  }

  @Test
  void run_resultOfACallThatWasNeverAdmitted_isWipedAndNotGivenOut() {
    byte[] plaintext = {1, 2, 3};

    EkmException refusal =
        refusal(() -> calls.run(call(), deadline, () -> plaintext, a -> Arrays.fill(a, (byte) 0)));

    assertThat(refusal.code()).isEqualTo(EkmErrorCode.INTERNAL);
    assertThat(plaintext).containsOnly(0);
    assertThat(gate.awaitQuiescence(Duration.ofSeconds(1))).isTrue();
    assertThat(sink.events("decrypt")).singleElement().matches(event -> !event.succeeded());
  }

  @Test
  void run_errorOfTheVirtualMachine_isRecordedAndTurnedIntoARefusal() {
    EkmException refusal =
        refusal(
            () ->
                calls.run(
                    call(),
                    deadline,
                    () -> {
                      throw new UnsatisfiedLinkError("/opt/vendor/lib.so");
                    },
                    result -> {}));

    assertThat(refusal.code()).isEqualTo(EkmErrorCode.INTERNAL);
    assertThat(refusal.safeDetail()).isEqualTo("UnsatisfiedLinkError");
    assertThat(sink.events("decrypt").get(0).details())
        .containsEntry("reason", "UnsatisfiedLinkError");
    assertThat(gate.awaitQuiescence(Duration.ofSeconds(1))).isTrue();
  }

  @Test
  void run_refusalWithDeadlinePassed_isRecordedAllTheSame() {
    Deadline passed = Deadline.after(Duration.ZERO, NanoClock.system());

    EkmException refusal =
        refusal(
            () ->
                calls.run(
                    call(),
                    passed,
                    () -> {
                      throw new EkmException(EkmErrorCode.DEADLINE_EXCEEDED, "too late");
                    },
                    result -> {}));

    // 50 ms of grace are enough unless the machine stands still; recorded it is in any case
    assertThat(refusal.code()).isIn(EkmErrorCode.DEADLINE_EXCEEDED, EkmErrorCode.AUDIT_UNAVAILABLE);
    audit.close();
    assertThat(sink.events("decrypt")).isNotEmpty();
  }

  @Test
  void run_auditThatFailsAtARefusal_isWhatTheCallerGetsWithTheRefusalAttached() {
    sink.fail();

    EkmException refusal =
        refusal(
            () ->
                calls.run(
                    call(),
                    deadline,
                    () -> {
                      throw new EkmException(EkmErrorCode.TOKEN_INVALID, "no");
                    },
                    result -> {}));

    assertThat(refusal.code()).isEqualTo(EkmErrorCode.AUDIT_UNAVAILABLE);
    assertThat(refusal.getSuppressed())
        .singleElement()
        .isInstanceOfSatisfying(
            EkmException.class, e -> assertThat(e.code()).isEqualTo(EkmErrorCode.TOKEN_INVALID));
    assertThat(listener.calls())
        .singleElement()
        .extracting(CallCompleted::error)
        .isEqualTo(Optional.of(EkmErrorCode.AUDIT_UNAVAILABLE));
  }

  private CallRecord call() {
    return new CallRecord(
        Operation.DECRYPT, new RequestId("r"), Optional.empty(), NanoClock.system().nanos());
  }

  private static EkmException refusal(ThrowingCallable call) {
    EkmException refusal = catchThrowableOfType(EkmException.class, call);
    assertThat(refusal).isNotNull();
    return refusal;
  }
}
