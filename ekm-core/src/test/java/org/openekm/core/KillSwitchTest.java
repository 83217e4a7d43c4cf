// SPDX-License-Identifier: Apache-2.0
package org.openekm.core;

import static org.assertj.core.api.Assertions.assertThat;
import static org.openekm.core.EngineFixture.ADMIN;

import java.time.Duration;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.openekm.core.EngineFixture.Answer;
import org.openekm.core.endpoint.EkmResponse;
import org.openekm.testkit.fake.BackendFault;
import org.openekm.testkit.fake.FakeKeyBackend;
import org.openekm.testkit.fake.FaultyKeyBackend.Call;

/** Once a block is acknowledged nothing succeeds any more; no audit, no answer. */
class KillSwitchTest {

  private static final String ENCRYPT = "{\"plaintext\":\"AAAA\"}";

  private final EngineFixture ekm = new EngineFixture();
  private final ExecutorService threads = Executors.newCachedThreadPool();

  @AfterEach
  void close() {
    threads.shutdownNow();
    ekm.close();
  }

  @Test
  void block_duringAnEncryptInFlight_turnsItInto403() throws Exception {
    ekm.backend.failNext(Call.ENCRYPT, 1, BackendFault.hang());
    Future<Answer> inFlight = threads.submit(() -> ekm.post(ekm.keyPath("/encrypt"), ENCRYPT));
    Awaitility.await().until(() -> ekm.backend.hanging() == 1);

    ekm.engine.admin().keys().block(ADMIN, ekm.key.id().toString());
    ekm.backend.release();

    assertThat(inFlight.get(5, TimeUnit.SECONDS).status()).isEqualTo(403);
  }

  @Test
  void blockUnblockStorm_underLoad_noSuccessBetweenBlockAndUnblock() throws Exception {
    AtomicBoolean stop = new AtomicBoolean();
    AtomicLong violations = new AtomicLong();
    AtomicLong successes = new AtomicLong();
    // Even while open, odd from the acknowledgement of a block until just before the unblock.
    AtomicLong epoch = new AtomicLong();
    for (int i = 0; i < 3; i++) {
      threads.submit(
          () -> {
            while (!stop.get()) {
              long before = epoch.get();
              boolean success = ekm.post(ekm.keyPath("/encrypt"), ENCRYPT).status() == 200;
              if (success) {
                successes.incrementAndGet();
                if (before % 2 == 1 && epoch.get() == before) {
                  violations.incrementAndGet();
                }
              }
            }
          });
    }
    String key = ekm.key.id().toString();
    for (int i = 0; i < 60; i++) {
      long soFar = successes.get();
      Awaitility.await().until(() -> successes.get() > soFar);
      ekm.engine.admin().keys().block(ADMIN, key);
      epoch.incrementAndGet();
      assertThat(ekm.post(ekm.keyPath("/encrypt"), ENCRYPT).status()).isEqualTo(403);
      epoch.incrementAndGet();
      ekm.engine.admin().keys().unblock(ADMIN, key);
    }
    stop.set(true);
    assertThat(violations).hasValue(0);
    assertThat(successes.get()).isGreaterThanOrEqualTo(60);
  }

  @Test
  void block_answerNotYetHandedOut_waitsForIt() throws Exception {
    EkmResponse pending = ekm.handle("POST", ekm.keyPath("/encrypt"), ENCRYPT);
    assertThat(pending.status()).isEqualTo(200);
    Future<?> block =
        threads.submit(() -> ekm.engine.admin().keys().block(ADMIN, ekm.key.id().toString()));
    Awaitility.await().until(() -> ekm.post(ekm.keyPath("/encrypt"), ENCRYPT).status() == 403);
    assertThat(block.isDone()).isFalse();
    pending.release();
    block.get(5, TimeUnit.SECONDS);
  }

  @Test
  void block_backendDown_worksAllTheSame() {
    ekm.backend.failEverything(BackendFault.unavailable(true));
    assertThat(ekm.engine.admin().keys().block(ADMIN, ekm.key.id().toString()).blocked()).isTrue();
    assertThat(ekm.post(ekm.keyPath("/encrypt"), ENCRYPT).status()).isEqualTo(403);
  }

  @Test
  void audit_fails_nothingIsAnswered() {
    ekm.sink.fail();
    Answer answer = ekm.post(ekm.keyPath("/encrypt"), ENCRYPT);
    assertThat(answer.status()).isEqualTo(503);
    assertThat(answer.text("ciphertext")).isEmpty();
    ekm.sink.recover();
    assertThat(ekm.post(ekm.keyPath("/encrypt"), ENCRYPT).status()).isEqualTo(200);
  }

  @Test
  void audit_hangs_answers503WithinItsBound() {
    try (EngineFixture bounded =
        new EngineFixture(new FakeKeyBackend(), EngineConfig.defaults().audit())) {
      bounded.sink.hang();
      long start = System.nanoTime();
      assertThat(bounded.post(bounded.keyPath("/encrypt"), ENCRYPT).status()).isEqualTo(503);
      assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(bounded.budget);
      bounded.sink.recover();
    }
  }

  @Test
  void backend_hangs_answers503ByTheDeadlineAndServesAgainAfterwards() {
    Duration patience = ekm.budget;
    ekm.budget = Duration.ofMillis(300);
    ekm.backend.failNext(Call.ENCRYPT, 1, BackendFault.hang());
    long start = System.nanoTime();
    assertThat(ekm.post(ekm.keyPath("/encrypt"), ENCRYPT).status()).isEqualTo(503);
    assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(patience);
    ekm.budget = patience;
    assertThat(ekm.post(ekm.keyPath("/encrypt"), ENCRYPT).status()).isEqualTo(200);
  }

  @Test
  void backend_returnsAZeroIv_nothingIsGivenOut() {
    ekm.backend.failNext(Call.ENCRYPT, 1, BackendFault.zeroIv());
    Answer answer = ekm.post(ekm.keyPath("/encrypt"), ENCRYPT);
    assertThat(answer.status()).isEqualTo(500);
    assertThat(answer.json().propertyNames()).containsExactlyInAnyOrder("code", "message");
  }
}
