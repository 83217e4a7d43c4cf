// SPDX-License-Identifier: Apache-2.0
package org.openekm.core.catalog;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.LongSupplier;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.openekm.api.Deadline;
import org.openekm.api.EkmErrorCode;
import org.openekm.api.EkmException;
import org.openekm.api.NanoClock;
import org.openekm.core.policy.RulePolicyEngine;
import org.openekm.core.store.InMemoryMetadataStore;
import org.openekm.spi.store.MetadataChange;
import org.openekm.spi.store.MetadataChange.PutKey;
import org.openekm.testkit.fake.FaultyMetadataStore;
import org.openekm.testkit.fake.FaultyMetadataStore.Call;
import org.openekm.testkit.fake.ManualClock;
import org.openekm.testkit.fake.RecordingListener;
import org.openekm.testkit.fake.StoreFault;

/** Two nodes, one store: how long may one serve what the other has changed? */
@Timeout(60)
final class StalenessTest {

  private static final Duration BOUND = Duration.ofMillis(500);

  private final ManualClock clock = new ManualClock();
  private final InMemoryMetadataStore real = new InMemoryMetadataStore();
  private final FaultyMetadataStore store = new FaultyMetadataStore(real, false);
  private final ExecutorService executor = Executors.newCachedThreadPool();

  @AfterEach
  void stop() {
    store.close();
    executor.shutdownNow();
  }

  @Test
  void current_withinTheBound_asksNobody() {
    KeyCatalog catalog = loaded();
    long before = store.calls(Call.REVISION);
    clock.advance(BOUND);
    assertThat(catalog.current(deadline()).revision()).isEqualTo(1);
    assertThat(store.calls(Call.REVISION)).isEqualTo(before);
  }

  @Test
  void current_pastTheBound_confirmsAndServesForAnotherBound() {
    KeyCatalog catalog = loaded();
    long before = store.calls(Call.REVISION);
    clock.advance(BOUND.plusNanos(1));
    assertThat(catalog.current(deadline()).revision()).isEqualTo(1);
    clock.advance(BOUND);
    assertThat(catalog.current(deadline()).revision()).isEqualTo(1);
    assertThat(store.calls(Call.REVISION)).isEqualTo(before + 1);
  }

  @Test
  void current_otherNodeBlocked_isSeenPastTheBoundAtTheLatest() {
    KeyCatalog catalog = loaded();
    real.commit(1, List.of(new PutKey(Records.key(1, 1).withBlocked(true))));
    clock.advance(BOUND.plusNanos(1));
    assertThat(blocked(catalog.current(deadline()))).isTrue();
  }

  @Test
  void current_exclusiveStore_neverAsks() {
    FaultyMetadataStore own = new FaultyMetadataStore(real, true);
    KeyCatalog catalog = catalog(own, clock);
    clock.advance(Duration.ofDays(365));
    catalog.current(deadline());
    assertThat(own.calls(Call.REVISION)).isZero();
  }

  @Test
  void current_storeFails_refusesToServe() {
    KeyCatalog catalog = loaded();
    store.failEverything(StoreFault.unavailable());
    clock.advance(BOUND.plusNanos(1));
    assertThatThrownBy(() -> catalog.current(deadline()))
        .satisfies(StalenessTest::isStoreUnavailable);
    store.heal();
    assertThat(catalog.current(deadline()).revision()).isEqualTo(1);
  }

  @Test
  void current_loadFailsAfterNewRevision_refusesRatherThanServesTheOld() {
    KeyCatalog catalog = loaded();
    real.commit(1, List.of(new PutKey(Records.key(1, 1).withBlocked(true))));
    store.fail(Call.LOAD, StoreFault.unavailable());
    clock.advance(BOUND.plusNanos(1));
    assertThatThrownBy(() -> catalog.current(deadline()))
        .satisfies(StalenessTest::isStoreUnavailable);
  }

  @Test
  void current_storeHangs_refusesAtTheDeadlineAndRecovers() {
    KeyCatalog catalog = catalog(store, NanoClock.system());
    store.fail(Call.REVISION, StoreFault.hang());
    Awaitility.await().pollDelay(BOUND.plusMillis(20)).until(() -> true);

    long start = System.nanoTime();
    Deadline deadline = Deadline.after(Duration.ofMillis(100), NanoClock.system());
    assertThatThrownBy(() -> catalog.current(deadline))
        .satisfies(StalenessTest::isStoreUnavailable);
    assertThat(Duration.ofNanos(System.nanoTime() - start))
        .isBetween(Duration.ofMillis(90), Duration.ofSeconds(10));

    store.heal();
    Deadline patient = Deadline.after(Duration.ofSeconds(20), NanoClock.system());
    assertThat(catalog.current(patient).revision()).isZero();
  }

  @Test
  void current_manyRequestsWhileTheStoreHangs_shareOneQueryAndNoThreadsPileUp() throws Exception {
    KeyCatalog catalog = loaded();
    store.fail(Call.REVISION, StoreFault.hang());
    clock.advance(BOUND.plusNanos(1));
    List<Future<CatalogSnapshot>> waiting = new ArrayList<>();
    for (int i = 0; i < 20; i++) {
      waiting.add(
          executor.submit(() -> catalog.current(Deadline.after(Duration.ofSeconds(30), clock))));
    }
    Awaitility.await().until(() -> store.hanging() == 1);
    Awaitility.await().during(Duration.ofMillis(100)).until(() -> store.hanging() == 1);
    store.heal();
    for (Future<CatalogSnapshot> request : waiting) {
      assertThat(request.get(20, TimeUnit.SECONDS).revision()).isEqualTo(1);
    }
  }

  @Test
  void current_queriesHangAgainAndAgain_onlyAFewAreEverUnderWay() {
    KeyCatalog catalog = loaded();
    store.fail(Call.REVISION, StoreFault.hang());
    for (int i = 0; i < 10; i++) {
      clock.advance(BOUND.plusNanos(1));
      assertThatThrownBy(() -> catalog.current(Deadline.after(Duration.ofMillis(20), clock)))
          .satisfies(StalenessTest::isStoreUnavailable);
    }
    Awaitility.await().until(() -> store.hanging() == 4);
    assertThat(store.hanging()).isEqualTo(4);
  }

  @Test
  void confirmedAt_isTheTimeAtWhichTheQueryWasSent() throws Exception {
    KeyCatalog catalog = loaded();
    clock.advance(BOUND.plusNanos(1));
    store.failNext(Call.REVISION, 1, StoreFault.hangAfter());
    CompletableFuture<CatalogSnapshot> first =
        CompletableFuture.supplyAsync(
            () -> catalog.current(Deadline.after(Duration.ofSeconds(30), clock)), executor);
    Awaitility.await().until(() -> store.hanging() == 1);

    // The store has answered "1 is the newest", but the answer is on its way for longer than the
    // bound; meanwhile
    // another node blocks the key. Were the time of arrival taken, the old state would serve for
    // another bound.
    real.commit(1, List.of(new PutKey(Records.key(1, 1).withBlocked(true))));
    clock.advance(BOUND.plusNanos(1));
    store.release();
    assertThat(blocked(first.get(20, TimeUnit.SECONDS))).isTrue();
    assertThat(blocked(catalog.current(deadline()))).isTrue();
  }

  @Test
  void current_storeAnswersTooSlowlyForTheBound_refusesAtTheDeadline() {
    // Each reading of this clock moves it by more than the bound, so no answer is ever young
    // enough.
    long[] now = {0};
    LongSupplier jumpy = () -> now[0] += BOUND.toNanos() + 1;
    NanoClock slow = jumpy::getAsLong;
    KeyCatalog catalog =
        new KeyCatalog(
            store,
            new RulePolicyEngine(),
            BOUND,
            new RecordingListener(),
            new KeyCatalog.Environment(slow, Runnable::run));
    assertThatThrownBy(() -> catalog.current(Deadline.after(Duration.ofSeconds(20), slow)))
        .satisfies(StalenessTest::isStoreUnavailable);
  }

  @Test
  void current_executorCannotMakeThreads_refusesAndRecovers() {
    real.commit(0, Records.basics());
    AtomicInteger failing = new AtomicInteger(10);
    KeyCatalog catalog =
        new KeyCatalog(
            store,
            new RulePolicyEngine(),
            BOUND,
            new RecordingListener(),
            new KeyCatalog.Environment(
                clock,
                task -> {
                  if (failing.getAndDecrement() > 0) {
                    throw new OutOfMemoryError("scripted: unable to create native thread");
                  }
                  task.run();
                }));
    clock.advance(BOUND.plusNanos(1));
    for (int i = 0; i < 10; i++) {
      assertThatThrownBy(() -> catalog.current(deadline()))
          .as("request %d", i)
          .satisfies(StalenessTest::isStoreUnavailable);
    }
    assertThat(catalog.current(deadline()).revision()).isEqualTo(1);
  }

  /** A store that reads from replicas may know of a block and still show what was before it. */
  @Test
  void current_storeAnnouncesTheBlockButShowsWhatWasBefore_refuses() {
    KeyCatalog catalog = loaded();
    store.loadStale();
    real.commit(1, List.of(new PutKey(Records.key(1, 1).withBlocked(true))));
    clock.advance(BOUND.plusNanos(1));
    assertThatThrownBy(() -> catalog.current(deadline()))
        .satisfies(StalenessTest::isStoreUnavailable);
    store.heal();
    assertThat(blocked(catalog.current(deadline()))).isTrue();
  }

  @Test
  void commit_onOldView_looksAtTheStoreFirst() {
    KeyCatalog catalog = loaded();
    real.commit(1, List.of(new PutKey(Records.key(1, 1).withBlocked(true))));
    // An idempotent "block" that trusted the old view of an unblocked key elsewhere would be wrong
    // the same way.
    List<MetadataChange> none = List.of();
    assertThat(blocked(catalog.commit(now -> none))).isTrue();
  }

  @Test
  void commit_thenOtherNodesCommit_confirmationCountsFromTheCommit() {
    KeyCatalog catalog = loaded();
    clock.advance(BOUND.plusNanos(1));
    catalog.commit(now -> List.of(new PutKey(Records.key(1, 1).withBlocked(true))));
    long queries = store.calls(Call.REVISION);
    clock.advance(BOUND);
    assertThat(blocked(catalog.current(deadline()))).isTrue();
    assertThat(store.calls(Call.REVISION)).isEqualTo(queries);
  }

  @Test
  void settleTime_sharedStore_coversTheBoundWithAMargin() {
    assertThat(loaded().settleTime()).isGreaterThan(BOUND.plus(BOUND.dividedBy(20)));
    assertThat(catalog(new FaultyMetadataStore(real, true), clock).settleTime()).isZero();
  }

  private KeyCatalog loaded() {
    real.commit(0, Records.basics());
    return catalog(store, clock);
  }

  private KeyCatalog catalog(FaultyMetadataStore used, NanoClock nanos) {
    return new KeyCatalog(
        used,
        new RulePolicyEngine(),
        BOUND,
        new RecordingListener(),
        new KeyCatalog.Environment(nanos, executor));
  }

  private Deadline deadline() {
    return Deadline.after(Duration.ofSeconds(20), clock);
  }

  private static boolean blocked(CatalogSnapshot snapshot) {
    return snapshot.findKey(Records.keyId(1)).orElseThrow().record().blocked();
  }

  private static void isStoreUnavailable(Throwable thrown) {
    assertThat(thrown)
        .isInstanceOfSatisfying(
            EkmException.class,
            e -> assertThat(e.code()).isEqualTo(EkmErrorCode.STORE_UNAVAILABLE));
  }
}
