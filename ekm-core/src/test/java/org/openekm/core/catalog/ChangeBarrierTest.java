// SPDX-License-Identifier: Apache-2.0
package org.openekm.core.catalog;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.openekm.api.NanoClock;
import org.openekm.core.policy.RulePolicyEngine;
import org.openekm.core.store.InMemoryMetadataStore;
import org.openekm.spi.event.EkmListener;
import org.openekm.testkit.fake.FaultyMetadataStore;
import org.openekm.testkit.fake.ManualClock;

@Timeout(60)
final class ChangeBarrierTest {

  private static final Duration LIMIT = Duration.ofSeconds(30);

  private final ManualClock clock = new ManualClock();
  private final AnswerGate gate = new AnswerGate(NanoClock.system());
  private final ExecutorService executor = Executors.newCachedThreadPool();

  @AfterEach
  void stop() {
    executor.shutdownNow();
  }

  @Test
  void await_exclusiveStore_needsNoTime() {
    assertThat(barrier(true).await()).isTrue();
  }

  @Test
  void await_sharedStore_lastsUntilOtherNodesMustHaveLooked() throws Exception {
    KeyCatalog catalog = catalog(false);
    ChangeBarrier barrier = new ChangeBarrier(catalog, gate, clock, LIMIT, executor);
    CompletableFuture<Boolean> waiting = CompletableFuture.supplyAsync(barrier::await, executor);
    // The waiter has read the clock once it no longer runs through.
    Awaitility.await().during(Duration.ofMillis(200)).until(() -> !waiting.isDone());
    clock.advance(catalog.settleTime().minusNanos(1));
    Awaitility.await().during(Duration.ofMillis(100)).until(() -> !waiting.isDone());
    clock.advance(Duration.ofNanos(1));
    assertThat(waiting.get(20, TimeUnit.SECONDS)).isTrue();
  }

  @Test
  void await_interrupted_saysNo() {
    ChangeBarrier barrier = barrier(false);
    Thread.currentThread().interrupt();
    assertThat(barrier.await()).isFalse();
    assertThat(Thread.interrupted()).isTrue();
  }

  private ChangeBarrier barrier(boolean exclusive) {
    return new ChangeBarrier(catalog(exclusive), gate, clock, LIMIT, executor);
  }

  private KeyCatalog catalog(boolean exclusive) {
    return new KeyCatalog(
        new FaultyMetadataStore(new InMemoryMetadataStore(), exclusive),
        new RulePolicyEngine(),
        Duration.ofMillis(500),
        new EkmListener() {},
        new KeyCatalog.Environment(clock, executor));
  }
}
