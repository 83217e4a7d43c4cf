// SPDX-License-Identifier: Apache-2.0
package org.openekm.core.audit;

import static java.util.stream.Collectors.toSet;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;
import static org.awaitility.Awaitility.await;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.openekm.api.Deadline;
import org.openekm.api.EkmErrorCode;
import org.openekm.api.EkmException;
import org.openekm.api.NanoClock;
import org.openekm.api.RequestId;
import org.openekm.spi.audit.AuditEvent;
import org.openekm.spi.audit.AuditReceipt;
import org.openekm.testkit.fake.RecordingAuditSink;
import org.openekm.testkit.fake.RecordingListener;

@Timeout(60)
class AuditLogTest {

  private static final Duration LONG = Duration.ofSeconds(30);
  private static final Duration SHORT = Duration.ofMillis(50);

  /** Long enough for the writer to get hold of an event before its caller gives up. */
  private static final Duration PATIENT = Duration.ofSeconds(1);

  private final RecordingAuditSink sink = new RecordingAuditSink();
  private final RecordingListener listener = new RecordingListener();
  private final ThreadPoolExecutor writer = (ThreadPoolExecutor) Executors.newCachedThreadPool();
  private final ExecutorService callers = Executors.newCachedThreadPool();

  @AfterEach
  void stop() {
    sink.recover();
    callers.shutdownNow();
    writer.shutdownNow();
  }

  @Test
  void new_configOutOfRange_isRefused() {
    assertThatThrownBy(() -> new AuditLogConfig(0, SHORT, 1)).hasMessageContaining("queueCapacity");
    assertThatThrownBy(() -> new AuditLogConfig(1, SHORT, 0)).hasMessageContaining("maxBatch");
    assertThatThrownBy(() -> new AuditLogConfig(1, Duration.ZERO, 1))
        .hasMessageContaining("maxWait");
  }

  @Test
  void append_oneEvent_returnsOnlyWhenTheSinkHasIt() {
    AuditReceipt receipt = log(LONG).append(event("1"), soon());

    assertThat(receipt.sequence()).isEqualTo(1);
    assertThat(sink.events()).containsExactly(event("1"));
  }

  @Test
  void append_manyAtOnceWhileTheSinkIsBusy_shareBatchesAndAllAreKeptOnce() throws Exception {
    AuditLog log = log(LONG);
    sink.hang();
    List<Future<AuditReceipt>> answers = appendEach(log, 100);
    await().until(() -> sink.hanging() == 1);
    sink.recover();

    for (Future<AuditReceipt> answer : answers) {
      assertThat(answer.get().sequence()).isBetween(1L, 100L);
    }
    assertThat(ids()).hasSize(100);
    assertThat(sink.events()).hasSize(100);
    assertThat(sink.batches().size()).isLessThan(100);
    assertThat(sink.batches()).allMatch(batch -> batch.size() <= 16);
  }

  @Test
  void append_auditSinkHang_givesUpWithinTheBoundAndHoldsOneThread() {
    AuditLog log = log(SHORT);
    sink.hang();

    long startedAt = System.nanoTime();
    for (int i = 0; i < 10; i++) {
      assertUnavailable(log, "event " + i);
    }

    assertThat(Duration.ofNanos(System.nanoTime() - startedAt)).isLessThan(Duration.ofSeconds(5));
    assertThat(sink.hanging()).isEqualTo(1);
    assertThat(writer.getLargestPoolSize()).isEqualTo(1);
    assertThat(log.check().healthy()).isFalse();
    assertThat(log.check().message()).contains("busy with one batch");
  }

  @Test
  void append_deadlineBeforeTheBound_givesUpAtTheDeadline() {
    AuditLog log = log(LONG);
    sink.hang();
    long startedAt = System.nanoTime();

    EkmException failure =
        catchThrowableOfType(
            EkmException.class,
            () ->
                log.append(event("1"), Deadline.after(Duration.ofMillis(20), NanoClock.system())));

    assertThat(failure.code()).isEqualTo(EkmErrorCode.AUDIT_UNAVAILABLE);
    assertThat(Duration.ofNanos(System.nanoTime() - startedAt)).isLessThan(LONG.dividedBy(2));
  }

  @Test
  void append_givenUpWhileQueued_isKeptAsARefusalAndNotAsASuccess() {
    AuditLog log = log(PATIENT);
    sink.hang();
    assertUnavailable(log, "being-written");
    assertUnavailable(log, "queued");
    sink.recover();

    await().until(() -> sink.events().size() == 3);
    AuditEvent queued = onlyEvent("queued");
    assertThat(queued.outcome()).isEqualTo("AUDIT_UNAVAILABLE");
    assertThat(queued.details()).containsEntry("withheld", "OK").containsEntry("rule", "r1");
  }

  @Test
  void append_givenUpWhileBeingWritten_isFollowedByACorrection() {
    AuditLog log = log(PATIENT);
    sink.hang();
    assertUnavailable(log, "late");
    sink.recover();

    await().until(() -> sink.events().size() == 2);
    assertThat(sink.events())
        .extracting(AuditEvent::outcome)
        .containsExactly("OK", "AUDIT_UNAVAILABLE");
    assertThat(ids()).containsExactly("late");
  }

  @Test
  void append_fullDiskAtAudit_isRefusedAndTheGapIsAnnouncedOnceItWorksAgain() {
    AuditLog log = log(LONG);
    sink.fail();
    assertUnavailable(log, "lost-1");
    assertUnavailable(log, "lost-2");
    await()
        .untilAsserted(() -> assertThat(listener.warningCodes()).containsExactly("audit-failed"));
    sink.recover();

    log.append(event("kept"), soon());

    assertThat(sink.events())
        .extracting(AuditEvent::action)
        .containsExactly("audit.gap", "encrypt");
    assertThat(sink.events().get(0).details()).containsEntry("refused", "2");
    assertThat(sink.events()).noneMatch(event -> event.toString().contains("lost"));
    await()
        .untilAsserted(
            () ->
                assertThat(listener.auditBatches())
                    .extracting("durable")
                    .containsExactly(false, false, true));
  }

  @Test
  void append_queueFull_isRefusedAtOnceAndCounted() {
    AuditLog log =
        new AuditLog(
            sink, new AuditLogConfig(2, PATIENT, 16), writer, NanoClock.system(), listener);
    sink.hang();
    assertUnavailable(log, "being-written");
    assertUnavailable(log, "queued-1");
    assertUnavailable(log, "queued-2");

    assertThatThrownBy(() -> log.append(event("too-many"), soon()))
        .hasMessageContaining("queue is full");

    sink.recover();
    await().untilAsserted(() -> assertThat(sink.events("audit.gap")).hasSize(1));
    assertThat(sink.events("audit.gap").get(0).details()).containsEntry("refused", "1");
  }

  @Test
  void append_executorShutDown_isRefusedAtOnce() {
    AuditLog log = log(LONG);
    writer.shutdown();

    assertUnavailable(log, "1");
    assertThat(sink.events()).isEmpty();
  }

  @Test
  void append_executorRefusesOnce_worksTheNextTime() {
    int[] refusals = {1};
    AuditLog log =
        new AuditLog(
            sink,
            new AuditLogConfig(64, LONG, 16),
            task -> {
              if (refusals[0]-- > 0) {
                throw new RejectedExecutionException("full");
              }
              writer.execute(task);
            },
            NanoClock.system(),
            listener);

    assertUnavailable(log, "1");
    assertThat(log.append(event("2"), soon()).sequence()).isEqualTo(2);
    assertThat(sink.events())
        .extracting(AuditEvent::action)
        .containsExactly("audit.gap", "encrypt");
  }

  @Test
  void append_callerInterrupted_isRefusedAndStaysInterrupted() {
    AuditLog log = log(LONG);
    sink.hang();
    Thread.currentThread().interrupt();

    assertUnavailable(log, "1");
    assertThat(Thread.interrupted()).isTrue();
  }

  @Test
  void append_racingGiveUps_everyEventThatWasNotAcknowledgedSaysSo() throws Exception {
    AuditLog log = log(Duration.ofNanos(200_000));
    List<Future<AuditReceipt>> answers = appendEach(log, 2_000);
    List<String> acknowledged = new ArrayList<>();
    for (int i = 0; i < answers.size(); i++) {
      try {
        answers.get(i).get();
        acknowledged.add("event-" + i);
      } catch (java.util.concurrent.ExecutionException e) {
        assertThat(e).hasCauseInstanceOf(EkmException.class);
      }
    }
    log.close();

    var lastWord = new java.util.HashMap<String, String>();
    sink.events().stream()
        .filter(event -> event.requestId().isPresent())
        .forEach(event -> lastWord.put(event.requestId().get().value(), event.outcome()));
    assertThat(
            lastWord.entrySet().stream()
                .filter(e -> e.getValue().equals("OK"))
                .map(e -> e.getKey()))
        .containsExactlyInAnyOrderElementsOf(acknowledged);
  }

  @Test
  void check_idle_asksTheSink() {
    AuditLog log = log(LONG);
    assertThat(log.check().healthy()).isTrue();

    sink.fail();
    assertThat(log.check().healthy()).isFalse();
  }

  @Test
  void close_eventsWaiting_areKeptBeforeTheSinkCloses() throws Exception {
    AuditLog log = log(LONG);
    sink.hang();
    List<Future<AuditReceipt>> answers = appendEach(log, 20);
    await().until(() -> sink.hanging() == 1);
    Future<?> closing = callers.submit(log::close);
    sink.recover();
    closing.get();

    assertThat(sink.isClosed()).isTrue();
    long answered = 0;
    for (Future<AuditReceipt> answer : answers) {
      try {
        answer.get();
        answered++;
      } catch (java.util.concurrent.ExecutionException e) {
        assertThat(e).hasMessageContaining("closed");
      }
    }
    assertThat(answered).isEqualTo(sink.events().size()).isPositive();
    assertUnavailable(log, "after");
    assertThat(log.check().healthy()).isFalse();
  }

  @Test
  void close_sinkHangs_endsWithAWarningAndLeavesTheSinkAlone() {
    AuditLog log = log(PATIENT);
    sink.hang();
    assertUnavailable(log, "1");

    log.close();

    assertThat(sink.isClosed()).isFalse();
    assertThat(listener.warningCodes()).contains("audit-close");
  }

  private AuditLog log(Duration maxWait) {
    return new AuditLog(
        sink, new AuditLogConfig(4096, maxWait, 16), writer, NanoClock.system(), listener);
  }

  private List<Future<AuditReceipt>> appendEach(AuditLog log, int count) {
    return IntStream.range(0, count)
        .mapToObj(i -> callers.submit(() -> log.append(event("event-" + i), soon())))
        .toList();
  }

  private java.util.Set<String> ids() {
    return sink.events().stream()
        .map(event -> event.requestId().orElseThrow().value())
        .collect(toSet());
  }

  private AuditEvent onlyEvent(String id) {
    List<AuditEvent> found =
        sink.events().stream()
            .filter(event -> event.requestId().equals(java.util.Optional.of(new RequestId(id))))
            .toList();
    assertThat(found).hasSize(1);
    return found.get(0);
  }

  private static void assertUnavailable(AuditLog log, String id) {
    assertThatThrownBy(() -> log.append(event(id.replace(' ', '-')), soon()))
        .isInstanceOfSatisfying(
            EkmException.class,
            e -> assertThat(e.code()).isEqualTo(EkmErrorCode.AUDIT_UNAVAILABLE));
  }

  private static Deadline soon() {
    return Deadline.after(LONG, NanoClock.system());
  }

  private static AuditEvent event(String id) {
    return AuditEvent.builder(Instant.parse("2026-05-12T12:00:00Z"), "encrypt")
        .actor("client-a")
        .requestId(new RequestId(id))
        .detail("rule", "r1")
        .build();
  }
}
