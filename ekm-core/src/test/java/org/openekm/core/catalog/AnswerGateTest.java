// SPDX-License-Identifier: Apache-2.0
package org.openekm.core.catalog;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Supplier;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.openekm.api.NanoClock;
import org.openekm.core.catalog.AnswerGate.Ticket;

@Timeout(120)
final class AnswerGateTest {

  private static final Duration LONG = Duration.ofSeconds(30);
  private static final Duration SHORT = Duration.ofMillis(20);

  private final AnswerGate gate = new AnswerGate(NanoClock.system());
  private final ExecutorService executor = Executors.newCachedThreadPool();

  @AfterEach
  void stop() {
    executor.shutdownNow();
  }

  @Test
  void awaitQuiescence_nobodyInside_returnsAtOnce() {
    assertThat(gate.awaitQuiescence(Duration.ZERO)).isTrue();
    gate.enter().close();
    assertThat(gate.awaitQuiescence(Duration.ZERO)).isTrue();
  }

  @Test
  void awaitQuiescence_somebodyInside_waitsUntilTheyLeave() throws Exception {
    Ticket ticket = gate.enter();
    CompletableFuture<Boolean> waiter =
        CompletableFuture.supplyAsync(() -> gate.awaitQuiescence(LONG), executor);
    Awaitility.await().during(Duration.ofMillis(100)).until(() -> !waiter.isDone());
    ticket.close();
    assertThat(waiter.get(20, TimeUnit.SECONDS)).isTrue();
  }

  @Test
  void awaitQuiescence_limitPasses_saysNoAndTheNextCallStillWaits() throws Exception {
    Ticket ticket = gate.enter();
    for (int i = 0; i < 3; i++) {
      assertThat(gate.awaitQuiescence(SHORT)).as("call %d", i).isFalse();
    }
    ticket.close();
    assertThat(gate.awaitQuiescence(SHORT)).isTrue();
  }

  @Test
  void awaitQuiescence_enteredAfterwards_isNotWaitedFor() throws Exception {
    Ticket before = gate.enter();
    CompletableFuture<Boolean> waiter =
        CompletableFuture.supplyAsync(() -> gate.awaitQuiescence(LONG), executor);
    Awaitility.await().during(Duration.ofMillis(100)).until(() -> !waiter.isDone());
    try (Ticket after = gate.enter()) {
      before.close();
      assertThat(waiter.get(20, TimeUnit.SECONDS)).isTrue();
      assertThat(after).isNotNull();
    }
  }

  @Test
  void close_twice_countsOnce() {
    Ticket first = gate.enter();
    Ticket second = gate.enter();
    first.close();
    first.close();
    assertThat(gate.awaitQuiescence(SHORT)).isFalse();
    second.close();
    assertThat(gate.awaitQuiescence(SHORT)).isTrue();
  }

  @Test
  void close_fromAnotherThread_letsTheWaiterGo() throws Exception {
    Ticket ticket = gate.enter();
    executor.submit(ticket::close).get(20, TimeUnit.SECONDS);
    assertThat(gate.awaitQuiescence(SHORT)).isTrue();
  }

  @Test
  void awaitQuiescence_interrupted_saysNoAndKeepsTheMark() {
    Ticket ticket = gate.enter();
    Thread.currentThread().interrupt();
    assertThat(gate.awaitQuiescence(LONG)).isFalse();
    assertThat(Thread.interrupted()).isTrue();
    ticket.close();
  }

  @Test
  void awaitQuiescence_severalWaiters_allGetThrough() throws Exception {
    Ticket ticket = gate.enter();
    List<Future<Boolean>> waiters = new ArrayList<>();
    for (int i = 0; i < 5; i++) {
      waiters.add(executor.submit(() -> gate.awaitQuiescence(LONG)));
    }
    ticket.close();
    for (Future<Boolean> waiter : waiters) {
      assertThat(waiter.get(20, TimeUnit.SECONDS)).isTrue();
    }
  }

  @Test
  void hammer_throughTheGate_noAnswerRestsOnWhatWasBeforeAnAcknowledgedBlock() throws Exception {
    Run run = hammer(gate::enter, () -> gate.awaitQuiescence(LONG));
    assertThat(run.answers()).isGreaterThan(1000);
    assertThat(run.stale()).isZero();
  }

  /**
   * Proves that the test above can fail: without waiting, answers do come after the
   * acknowledgement.
   */
  @Test
  void hammer_withoutWaiting_findsStaleAnswers() throws Exception {
    Run run = hammer(gate::enter, () -> true);
    assertThat(run.stale()).isPositive();
  }

  private record Run(long answers, long stale) {}

  /**
   * Requests look at the state and answer a moment later, while a blocker moves the state on,
   * waits, and acknowledges. An answer is stale if at its time a newer state than it looked at had
   * been acknowledged.
   */
  private Run hammer(Supplier<Ticket> enter, Supplier<Boolean> await) throws Exception {
    AtomicInteger state = new AtomicInteger();
    AtomicInteger acknowledged = new AtomicInteger();
    AtomicLong answers = new AtomicLong();
    AtomicLong stale = new AtomicLong();
    AtomicInteger stop = new AtomicInteger();
    List<Future<?>> requests = new ArrayList<>();
    for (int i = 0; i < 8; i++) {
      requests.add(
          executor.submit(
              () -> {
                while (stop.get() == 0) {
                  try (Ticket ticket = enter.get()) {
                    int seen = state.get();
                    for (int spin = 0; spin < 100; spin++) {
                      Thread.onSpinWait();
                    }
                    if (ticket != null && acknowledged.get() > seen) {
                      stale.incrementAndGet();
                    }
                    answers.incrementAndGet();
                  }
                }
              }));
    }
    long end = System.nanoTime() + Duration.ofSeconds(2).toNanos();
    while (System.nanoTime() - end < 0) {
      int next = state.incrementAndGet();
      assertThat(await.get()).isTrue();
      acknowledged.set(next);
    }
    stop.set(1);
    for (Future<?> request : requests) {
      request.get(20, TimeUnit.SECONDS);
    }
    return new Run(answers.get(), stale.get());
  }
}
