// SPDX-License-Identifier: Apache-2.0
package org.openekm.core.catalog;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.openekm.core.catalog.Records.versionId;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.openekm.api.Deadline;
import org.openekm.api.EkmErrorCode;
import org.openekm.api.EkmException;
import org.openekm.api.NanoClock;
import org.openekm.core.store.InMemoryMetadataStore;
import org.openekm.testkit.fake.FaultyMetadataStore;
import org.openekm.testkit.fake.FaultyMetadataStore.Call;
import org.openekm.testkit.fake.RecordingListener;
import org.openekm.testkit.fake.StoreFault;

@Timeout(120)
final class KeyUsageCounterTest {

  private static final long BLOCK = KeyUsageCounter.BLOCK;

  private final FaultyMetadataStore store = new FaultyMetadataStore(new InMemoryMetadataStore());
  private final RecordingListener listener = new RecordingListener();
  private final ExecutorService executor = Executors.newCachedThreadPool();
  private final KeyUsageCounter direct = new KeyUsageCounter(store, listener, Runnable::run);

  @AfterEach
  void stop() {
    store.close();
    executor.shutdownNow();
  }

  @Test
  void count_oneBlock_asksTheStoreOnceAndAheadAtHalf() {
    count(direct, BLOCK / 2 - 1);
    assertThat(store.calls(Call.RESERVE_USAGE)).isEqualTo(1);
    count(direct, BLOCK / 2);
    assertThat(store.calls(Call.RESERVE_USAGE)).isEqualTo(2);
    count(direct, 2);
    assertThat(store.calls(Call.RESERVE_USAGE)).isEqualTo(2);
  }

  @Test
  void count_crash_nothingUsedIsForgotten() {
    long used = 3 * BLOCK + 17;
    count(direct, used);
    // A new process on the same store: all that was used has been set aside, so it starts behind
    // it.
    assertThat(reservedSoFar()).isGreaterThanOrEqualTo(used).isLessThanOrEqualTo(used + 2 * BLOCK);
  }

  @Test
  void count_crashRightAfterReservation_overCountsOnly() {
    for (int i = 0; i < 10; i++) {
      new KeyUsageCounter(store, listener, Runnable::run).countEncryption(versionId(1), deadline());
    }
    assertThat(reservedSoFar()).isEqualTo(10 * BLOCK);
  }

  @Test
  void count_reachesTheLimit_exactlyTheRestIsAllowedThenRefused() {
    store.reserveUsage(versionId(1), KeyUsageCounter.LIMIT - 10);
    count(direct, 10);
    for (int i = 0; i < 3; i++) {
      assertThatThrownBy(() -> direct.countEncryption(versionId(1), deadline()))
          .isInstanceOfSatisfying(
              EkmException.class,
              e -> {
                assertThat(e.code()).isEqualTo(EkmErrorCode.KEY_USAGE_EXHAUSTED);
                assertThat(e.safeDetail()).contains("rotate");
              });
    }
    assertThatCode(() -> direct.countEncryption(versionId(2), deadline()))
        .doesNotThrowAnyException();
  }

  @Test
  void count_exhausted_asksTheStoreNoMore() {
    store.reserveUsage(versionId(1), KeyUsageCounter.LIMIT + 5);
    long before = store.calls(Call.RESERVE_USAGE);
    for (int i = 0; i < 5; i++) {
      assertThatThrownBy(() -> direct.countEncryption(versionId(1), deadline()))
          .isInstanceOf(EkmException.class);
    }
    assertThat(store.calls(Call.RESERVE_USAGE)).isEqualTo(before + 1);
  }

  @Test
  void count_pastHalfTheLimit_warnsOnceAndGoesOn() {
    store.reserveUsage(versionId(1), KeyUsageCounter.WARNING_AT - BLOCK - 1);
    count(direct, 2);
    assertThat(listener.warnings()).isEmpty();
    count(direct, 3 * BLOCK);
    assertThat(listener.warningCodes()).containsExactly("key-usage-high");
    assertThat(listener.warnings().get(0).text()).contains(versionId(1).toString(), "rotate");
  }

  @Test
  void count_storeFails_refusesAndRecovers() {
    store.failNext(Call.RESERVE_USAGE, 1, StoreFault.unavailable());
    assertThatThrownBy(() -> direct.countEncryption(versionId(1), deadline()))
        .satisfies(KeyUsageCounterTest::isStoreUnavailable);
    assertThatCode(() -> direct.countEncryption(versionId(1), deadline()))
        .doesNotThrowAnyException();
  }

  @Test
  void count_answerLost_countsAreUsedUpNotReused() {
    store.failNext(Call.RESERVE_USAGE, 1, StoreFault.answerLost());
    assertThatThrownBy(() -> direct.countEncryption(versionId(1), deadline()))
        .isInstanceOf(EkmException.class);
    direct.countEncryption(versionId(1), deadline());
    assertThat(reservedSoFar()).isEqualTo(2 * BLOCK);
  }

  @Test
  void count_storeHangs_refusesAtTheDeadlineNotLater() {
    KeyUsageCounter counter = new KeyUsageCounter(store, listener, executor);
    store.fail(Call.RESERVE_USAGE, StoreFault.hang());
    long start = System.nanoTime();
    Deadline soon = Deadline.after(Duration.ofMillis(50), NanoClock.system());
    assertThatThrownBy(() -> counter.countEncryption(versionId(1), soon))
        .satisfies(KeyUsageCounterTest::isStoreUnavailable);
    assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(Duration.ofSeconds(10));
    store.heal();
    assertThatCode(() -> counter.countEncryption(versionId(1), deadline()))
        .doesNotThrowAnyException();
  }

  @Test
  void count_storeHangsWhenFetchingAhead_requestsGoOnUntilTheBlockEnds() {
    KeyUsageCounter counter = new KeyUsageCounter(store, listener, executor);
    count(counter, 1);
    store.fail(Call.RESERVE_USAGE, StoreFault.hang());
    count(counter, BLOCK - 1);
    Awaitility.await().until(() -> store.hanging() == 1);
    Deadline soon = Deadline.after(Duration.ofMillis(20), NanoClock.system());
    assertThatThrownBy(() -> counter.countEncryption(versionId(1), soon))
        .satisfies(KeyUsageCounterTest::isStoreUnavailable);
  }

  @Test
  void count_executorFull_refusesInsteadOfCountingNothing() {
    KeyUsageCounter counter =
        new KeyUsageCounter(
            store,
            listener,
            task -> {
              throw new RejectedExecutionException("full");
            });
    assertThatThrownBy(() -> counter.countEncryption(versionId(1), deadline()))
        .satisfies(KeyUsageCounterTest::isStoreUnavailable);
  }

  @Test
  void count_manyThreads_neverMoreThanWasSetAside() throws Exception {
    long rest = 3 * BLOCK + 1000;
    store.reserveUsage(versionId(1), KeyUsageCounter.LIMIT - rest);
    KeyUsageCounter counter = new KeyUsageCounter(store, listener, executor);
    List<Future<Long>> threads = new ArrayList<>();
    for (int i = 0; i < 6; i++) {
      threads.add(executor.submit(() -> countUntilRefused(counter)));
    }
    long total = 0;
    for (Future<Long> thread : threads) {
      total += thread.get(60, TimeUnit.SECONDS);
    }
    assertThat(total).isEqualTo(rest);
  }

  private long countUntilRefused(KeyUsageCounter counter) {
    for (long counted = 0; ; counted++) {
      try {
        counter.countEncryption(versionId(1), deadline());
      } catch (EkmException e) {
        assertThat(e.code()).isEqualTo(EkmErrorCode.KEY_USAGE_EXHAUSTED);
        return counted;
      }
    }
  }

  private void count(KeyUsageCounter counter, long times) {
    for (long i = 0; i < times; i++) {
      counter.countEncryption(versionId(1), deadline());
    }
  }

  private long reservedSoFar() {
    return store.reserveUsage(versionId(1), 1);
  }

  private static Deadline deadline() {
    return Deadline.after(Duration.ofSeconds(30), NanoClock.system());
  }

  private static void isStoreUnavailable(Throwable thrown) {
    assertThat(thrown)
        .isInstanceOfSatisfying(
            EkmException.class,
            e -> assertThat(e.code()).isEqualTo(EkmErrorCode.STORE_UNAVAILABLE));
  }
}
