// SPDX-License-Identifier: Apache-2.0
package org.openekm.core.audit;

import static java.util.stream.Collectors.toSet;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;
import static org.assertj.core.api.Assertions.catchThrowableOfType;
import static org.awaitility.Awaitility.await;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Executor;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.openekm.api.Deadline;
import org.openekm.api.EkmErrorCode;
import org.openekm.api.EkmException;
import org.openekm.api.NanoClock;
import org.openekm.api.RequestId;
import org.openekm.spi.audit.AuditEvent;
import org.openekm.spi.audit.AuditReceipt;
import org.openekm.spi.audit.AuditSink;
import org.openekm.testkit.fake.RecordingAuditSink;
import org.openekm.testkit.fake.RecordingListener;

@Timeout(60)
class AuditLogTest {

  private static final Duration LONG = Duration.ofSeconds(30);
  private static final Duration SHORT = Duration.ofMillis(50);

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

    assertThat(Duration.ofNanos(System.nanoTime() - startedAt)).isLessThan(LONG.dividedBy(2));
    await().until(() -> sink.hanging() == 1);
    assertThat(writer.getLargestPoolSize()).isEqualTo(1);
    await().untilAsserted(() -> assertThat(log.check().message()).contains("busy with one batch"));
    assertThat(log.check().healthy()).isFalse();
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
  void append_givenUpWhileQueued_isKeptAsARefusalAndNotAsASuccess() throws Exception {
    AuditLog log = log(LONG);
    sink.hang();
    giveUpWhileBeingWritten(log, "being-written");
    giveUpAtOnce(log, "queued");
    sink.recover();

    await().until(() -> sink.events().size() == 3);
    AuditEvent queued = onlyEvent("queued");
    assertThat(queued.outcome()).isEqualTo("AUDIT_UNAVAILABLE");
    assertThat(queued.details()).containsEntry("withheld", "OK").containsEntry("rule", "r1");
  }

  @Test
  void append_givenUpWhileBeingWritten_isFollowedByACorrection() throws Exception {
    AuditLog log = log(LONG);
    sink.hang();
    giveUpWhileBeingWritten(log, "late");
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
  void append_queueFull_isRefusedAtOnceAndCounted() throws Exception {
    AuditLog log =
        new AuditLog(sink, new AuditLogConfig(2, LONG, 16), writer, NanoClock.system(), listener);
    sink.hang();
    giveUpWhileBeingWritten(log, "being-written");
    giveUpAtOnce(log, "queued-1");
    giveUpAtOnce(log, "queued-2");

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
  void append_executorCantMakeAThread_isRefusedAndTheNextOneWorks() {
    int[] refusals = {1};
    AuditLog log =
        logOn(
            task -> {
              if (refusals[0]-- > 0) {
                throw new OutOfMemoryError("unable to create native thread");
              }
              writer.execute(task);
            });

    assertUnavailable(log, "1");
    assertThat(log.append(event("2"), soon()).sequence()).isEqualTo(2);
  }

  @Test
  void append_executorKeepsTheTaskAlthoughItThrows_theSinkIsNeverCalledByTwoThreads()
      throws Exception {
    List<Runnable> kept = new ArrayList<>();
    AuditLog log =
        logOn(
            task -> {
              if (kept.isEmpty()) {
                kept.add(task);
                throw new RejectedExecutionException("kept all the same");
              }
              writer.execute(task);
            });
    assertUnavailable(log, "1");
    sink.hang();
    giveUpWhileBeingWritten(log, "2");

    kept.get(0).run();

    assertThat(sink.hanging()).isEqualTo(1);
    assertThat(sink.events()).isEmpty();
  }

  @Test
  void append_sinkThrowsAnError_isRefusedAtOnceCountedAndTheLogGoesOn() {
    BreakingSink breaking = new BreakingSink(sink, 1, true);
    AuditLog log = logOf(breaking);

    assertThatThrownBy(() -> log.append(event("1"), soon()))
        .isInstanceOf(EkmException.class)
        .hasMessageContaining("broke down");

    assertThat(log.append(event("2"), soon()).sequence()).isEqualTo(2);
    assertThat(sink.events("audit.gap").get(0).details()).containsEntry("refused", "1");
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 3, 4, 5, 6, 7, 8, 9, 10})
  void append_sinkFailsAtTheNthCall_everyEventIsKeptOrCounted(int nth) {
    AuditLog log = logOf(new BreakingSink(sink, nth, nth % 2 == 0));
    List<String> acknowledged = new ArrayList<>();
    for (int i = 0; i < 10; i++) {
      try {
        log.append(event("event-" + i), soon());
        acknowledged.add("event-" + i);
      } catch (EkmException e) {
        assertThat(e.code()).isEqualTo(EkmErrorCode.AUDIT_UNAVAILABLE);
      }
    }
    log.close();

    assertThat(acknowledged).hasSize(9);
    assertThat(sink.events("encrypt"))
        .extracting(event -> event.requestId().orElseThrow().value())
        .containsExactlyElementsOf(acknowledged);
    assertThat(sink.events("audit.gap"))
        .singleElement()
        .satisfies(gap -> assertThat(gap.details()).containsEntry("refused", "1"));
    assertThat(sink.isClosed()).isTrue();
  }

  @Test
  void close_eventsWereRefusedAndNoneCameAfterwards_theGapIsAnnouncedBeforeTheSinkCloses() {
    AuditLog log = log(LONG);
    sink.fail();
    assertUnavailable(log, "lost");
    sink.recover();

    log.close();

    assertThat(sink.events()).extracting(AuditEvent::action).containsExactly("audit.gap");
    assertThat(sink.events().get(0).time()).isEqualTo(event("lost").time());
    assertThat(sink.isClosed()).isTrue();
  }

  @Test
  void close_sinkStillFails_endsAllTheSame() {
    AuditLog log = log(LONG);
    sink.fail();
    assertUnavailable(log, "lost");

    log.close();

    assertThat(sink.events()).isEmpty();
    assertThat(sink.isClosed()).isTrue();
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
  void close_sinkHangs_endsWithAWarningAndLeavesTheSinkAlone() throws Exception {
    AuditLog log = log(LONG);
    sink.hang();
    giveUpWhileBeingWritten(log, "1");

    log.close();

    assertThat(sink.isClosed()).isFalse();
    assertThat(listener.warningCodes()).contains("audit-close");
  }

  /** Returns once the sink has the event and its caller has left. */
  private void giveUpWhileBeingWritten(AuditLog log, String id) throws InterruptedException {
    AtomicReference<Throwable> failure = new AtomicReference<>();
    Thread caller =
        new Thread(
            () -> failure.set(catchThrowable(() -> log.append(event(id), soon()))), "caller");
    caller.start();
    await().until(() -> sink.hanging() == 1);
    caller.interrupt();
    caller.join();
    assertThat(failure.get())
        .isInstanceOfSatisfying(
            EkmException.class,
            e -> assertThat(e.code()).isEqualTo(EkmErrorCode.AUDIT_UNAVAILABLE));
  }

  private static void giveUpAtOnce(AuditLog log, String id) {
    Thread.currentThread().interrupt();
    assertUnavailable(log, id);
    assertThat(Thread.interrupted()).isTrue();
  }

  private AuditLog logOn(Executor executor) {
    return new AuditLog(
        sink, new AuditLogConfig(64, LONG, 16), executor, NanoClock.system(), listener);
  }

  /** Errors go into a future instead of onto the console. */
  private AuditLog logOf(AuditSink other) {
    return new AuditLog(
        other, new AuditLogConfig(64, LONG, 16), writer::submit, NanoClock.system(), listener);
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
