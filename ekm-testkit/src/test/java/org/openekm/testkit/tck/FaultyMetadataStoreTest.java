// SPDX-License-Identifier: Apache-2.0
package org.openekm.testkit.tck;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.openekm.spi.store.MetadataChange.PutTenancy;
import org.openekm.spi.store.RevisionConflictException;
import org.openekm.spi.store.StoreException;
import org.openekm.testkit.fake.FaultyMetadataStore;
import org.openekm.testkit.fake.FaultyMetadataStore.Call;
import org.openekm.testkit.fake.StoreFault;

class FaultyMetadataStoreTest {

  private final InMemoryStore real = new InMemoryStore(new InMemoryStore.Disk(), true);
  private final FaultyMetadataStore faulty = new FaultyMetadataStore(real);

  @AfterEach
  void letGo() {
    faulty.close();
  }

  @Test
  void unavailable_doesNotReachTheStore() {
    faulty.failNext(Call.COMMIT, 1, StoreFault.unavailable());

    assertThatThrownBy(() -> commit(0)).isInstanceOf(StoreException.class);
    assertThat(real.revision()).isZero();
    assertThat(commit(0)).isEqualTo(1);
  }

  @Test
  void answerLost_hasCommittedAllTheSame() {
    faulty.failNth(Call.COMMIT, 2, StoreFault.answerLost());
    commit(0);

    assertThatThrownBy(() -> commit(1)).isInstanceOf(StoreException.class);
    assertThat(real.revision()).isEqualTo(2);
  }

  @Test
  void conflict_isThrownWithoutReason() {
    faulty.failNext(Call.COMMIT, 1, StoreFault.conflict());

    assertThatThrownBy(() -> commit(0)).isInstanceOf(RevisionConflictException.class);
    assertThat(real.revision()).isZero();
  }

  @Test
  void goStale_hidesLaterCommitsUntilHealed() {
    faulty.goStale();
    real.commit(0, List.of(new PutTenancy(SampleRecords.minimal().tenancy())));

    assertThat(faulty.revision()).isZero();
    assertThat(faulty.load().tenancies()).isEmpty();
    faulty.heal();
    assertThat(faulty.revision()).isEqualTo(1);
    assertThat(faulty.load().tenancies()).hasSize(1);
  }

  @Test
  void hangAfter_hasCommittedBeforeItHangs() {
    faulty.fail(Call.COMMIT, StoreFault.hangAfter());
    CompletableFuture<Long> call = CompletableFuture.supplyAsync(() -> commit(0));
    await().until(() -> faulty.hanging() == 1);

    assertThat(real.revision()).isEqualTo(1);
    assertThat(call).isNotDone();
    faulty.release();
    assertThat(call).succeedsWithin(Duration.ofSeconds(5)).isEqualTo(1L);
  }

  @Test
  void failEverything_turnsTheCheckBad() {
    faulty.failEverything(StoreFault.unavailable());

    assertThat(faulty.check().healthy()).isFalse();
    assertThatThrownBy(faulty::load).isInstanceOf(StoreException.class);
    assertThat(faulty.calls(Call.LOAD)).isEqualTo(1);
  }

  @Test
  void exclusive_isWhatTheTestSays() {
    assertThat(faulty.isExclusive()).isTrue();
    assertThat(new FaultyMetadataStore(real, false).isExclusive()).isFalse();
  }

  private long commit(long revision) {
    return faulty.commit(revision, List.of(new PutTenancy(SampleRecords.minimal().tenancy())));
  }
}
