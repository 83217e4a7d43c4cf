// SPDX-License-Identifier: Apache-2.0
package org.openekm.testkit.tck;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeFalse;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.openekm.api.KeyState;
import org.openekm.api.KeyVersionId;
import org.openekm.spi.CheckResult;
import org.openekm.spi.store.MetadataChange;
import org.openekm.spi.store.MetadataChange.PutKeyVersion;
import org.openekm.spi.store.MetadataChange.PutTenancy;
import org.openekm.spi.store.MetadataSnapshot;
import org.openekm.spi.store.MetadataStore;
import org.openekm.spi.store.RevisionConflictException;
import org.openekm.spi.store.StoreException;
import org.openekm.spi.store.TenancyRecord;

/**
 * The contract of {@link MetadataStore} as tests. Extend it and say how a store is opened:
 *
 * <pre>{@code
 * class AcmeMetadataStoreTest extends MetadataStoreTck {
 *   @TempDir Path directory;
 *
 *   @Override
 *   protected MetadataStore createStore() {
 *     return new AcmeMetadataStore(directory.resolve("data"));
 *   }
 *
 *   @Override
 *   protected Optional<MetadataStore> openAgain() {
 *     return Optional.of(new AcmeMetadataStore(directory.resolve("data")));
 *   }
 * }
 * }</pre>
 *
 * <p>Instants are tried to the millisecond. The order of the records in a snapshot is free. Each
 * test may take two minutes; annotate your class with {@code @Timeout} to change that.
 */
@Timeout(value = 120, unit = TimeUnit.SECONDS, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
public abstract class MetadataStoreTck extends MetadataStoreAdministratorContract {

  private static final int THREADS = 4;
  private static final int COMMITS_EACH = 25;
  private static final int READS = 50;

  /** What a thread has set aside: from this number, so many. */
  private record Block(long first, long count) {}

  @Test
  protected void commit_byManyThreadsOnOneRevision_hasExactlyOneWinner() {
    SampleRecords sample = SampleRecords.minimal();
    commit(sample.puts());
    for (int round = 0; round < 10; round++) {
      long revision = store().revision();

      List<Boolean> won =
          InTime.all(
              THREADS, thread -> tryCommit(revision, sample.tenancyNamed("thread " + thread)));

      assertThat(won).as("commits on revision %d that succeeded", revision).containsOnlyOnce(true);
      assertThat(store().revision()).isEqualTo(revision + 1);
      String winner = "thread " + won.indexOf(true);
      assertThat(store().load().tenancies())
          .extracting(TenancyRecord::name)
          .containsExactly(winner);
    }
  }

  @Test
  protected void commit_byManyThreadsWithRetry_losesNoUpdate() {
    SampleRecords sample = SampleRecords.minimal();
    commit(new PutTenancy(sample.tenancyNamed("0")));

    List<List<Long>> won =
        InTime.all(
            THREADS,
            thread -> {
              List<Long> revisions = new ArrayList<>();
              for (int i = 0; i < COMMITS_EACH; i++) {
                revisions.add(
                    commitWithRetry(
                        store(), store -> List.of(new PutTenancy(incremented(sample, store)))));
              }
              return revisions;
            });

    int all = THREADS * COMMITS_EACH;
    assertThat(won.stream().flatMap(List::stream).sorted().toList())
        .as("each revision was given to one commit")
        .isEqualTo(LongStream.rangeClosed(2, all + 1).boxed().toList());
    assertThat(store().load().tenancies().get(0).name()).isEqualTo(Integer.toString(all));
  }

  @Test
  protected void load_duringCommits_isAlwaysOneRevisionWhole() {
    SampleRecords one = SampleRecords.minimal();
    SampleRecords two = SampleRecords.minimal();
    commit(new PutTenancy(one.tenancyNamed("1")), new PutTenancy(two.tenancyNamed("1")));
    AtomicBoolean read = new AtomicBoolean();

    List<Long> counts =
        InTime.all(2, thread -> thread == 0 ? writeUntil(read, one, two) : readMany(read));

    assertThat(store().revision()).isEqualTo(1 + counts.get(0));
  }

  @Test
  protected void reserveUsage_givesTheTotalBefore() {
    KeyVersionId version = committedVersion();

    assertThat(store().reserveUsage(version, 1)).isZero();
    assertThat(store().reserveUsage(version, 1_000)).isEqualTo(1);
    assertThat(store().reserveUsage(version, 1)).isEqualTo(1_001);
  }

  @Test
  protected void reserveUsage_beyondTwoToTheThirtyTwo_countsOn() {
    KeyVersionId version = committedVersion();

    store().reserveUsage(version, 1L << 32);

    assertThat(store().reserveUsage(version, 1L << 40)).isEqualTo(1L << 32);
    assertThat(store().reserveUsage(version, 1)).isEqualTo((1L << 32) + (1L << 40));
  }

  @Test
  protected void reserveUsage_countsEachVersionOnItsOwn() {
    KeyVersionId one = committedVersion();
    KeyVersionId two = committedVersion();

    store().reserveUsage(one, 10);

    assertThat(store().reserveUsage(two, 5)).isZero();
    assertThat(store().reserveUsage(one, 1)).isEqualTo(10);
  }

  @Test
  protected void reserveUsage_doesNotMoveTheRevision() {
    KeyVersionId version = committedVersion();
    MetadataSnapshot before = store().load();

    store().reserveUsage(version, 10);

    assertThat(store().revision()).isEqualTo(before.revision());
    assertThat(store().load()).isEqualTo(before);
  }

  @Test
  protected void reserveUsage_survivesAPutOfTheVersion() {
    SampleRecords sample = SampleRecords.minimal();
    commit(sample.puts());
    store().reserveUsage(sample.version().id(), 10);

    commit(new PutKeyVersion(sample.version().withState(KeyState.DISABLED)));

    assertThat(store().reserveUsage(sample.version().id(), 1)).isEqualTo(10);
  }

  @Test
  protected void reserveUsage_byManyThreads_givesNoNumberTwice() {
    KeyVersionId version = committedVersion();

    List<Block> blocks =
        InTime.all(THREADS, thread -> reserveSome(store(), version, thread + 1)).stream()
            .flatMap(List::stream)
            .toList();

    assertSeamless(blocks);
  }

  @Test
  protected void reopen_keepsEverything() {
    SampleRecords full = SampleRecords.full();
    SampleRecords minimal = SampleRecords.minimal();
    commit(full.puts());
    commit(minimal.puts());
    store().reserveUsage(minimal.version().id(), 77);

    MetadataStore reopened = reopened();

    assertThat(reopened.revision()).isEqualTo(2);
    assertHolds(reopened.load(), full, minimal);
    assertThat(reopened.reserveUsage(minimal.version().id(), 1)).isEqualTo(77);
    assertThat(reopened.commit(2, List.of(new PutTenancy(full.tenancyNamed("after")))))
        .isEqualTo(3);
  }

  @Test
  protected void reopen_ofAnEmptyStore_isEmpty() {
    MetadataStore reopened = reopened();

    assertThat(reopened.load()).isEqualTo(MetadataSnapshot.empty());
  }

  @Test
  protected void openAgain_whileAnExclusiveStoreIsOpen_isRefused() {
    assumeTrue(store().isExclusive(), "the store is not exclusive");
    SampleRecords sample = SampleRecords.full();
    commit(sample.puts());

    assertThat(isRefusedAgain()).as("a second store on the same data is refused").isTrue();

    commit(new PutTenancy(sample.tenancyNamed("still mine")));
    assertThat(store().load().tenancies())
        .extracting(TenancyRecord::name)
        .containsExactly("still mine");
  }

  @Test
  protected void openAgain_whileASharedStoreIsOpen_seesEveryCommitAtOnce() {
    assumeFalse(store().isExclusive(), "the store is exclusive");
    MetadataStore second = again();
    SampleRecords sample = SampleRecords.full();

    commit(sample.puts());
    assertThat(second.revision()).isEqualTo(1);
    assertHolds(second.load(), sample);
    second.commit(1, List.of(new PutTenancy(sample.tenancyNamed("by the second"))));

    assertThat(store().revision()).isEqualTo(2);
    assertThatThrownBy(
            () -> store().commit(1, List.of(new PutTenancy(sample.tenancyNamed("too late")))))
        .isInstanceOf(RevisionConflictException.class);
  }

  @Test
  protected void reserveUsage_byTwoSharedStores_givesNoNumberTwice() {
    assumeFalse(store().isExclusive(), "the store is exclusive");
    MetadataStore second = again();
    KeyVersionId version = committedVersion();

    List<Block> blocks =
        InTime.all(
                THREADS,
                thread -> reserveSome(thread % 2 == 0 ? store() : second, version, thread + 1))
            .stream()
            .flatMap(List::stream)
            .toList();

    assertSeamless(blocks);
  }

  @Test
  protected void check_ofAWorkingStore_isHealthyAndChangesNothing() {
    commit(SampleRecords.full().puts());
    MetadataSnapshot before = store().load();

    CheckResult result = store().check();

    assertThat(result.healthy()).as(result.message()).isTrue();
    assertThat(result.message()).isNotBlank();
    assertThat(store().load()).isEqualTo(before);
  }

  @Test
  protected void close_thenCalls_failAsAStoreDoes() {
    SampleRecords sample = SampleRecords.minimal();
    commit(sample.puts());

    store().close();
    store().close();

    assertThatThrownBy(
            () -> store().commit(1, List.of(new PutTenancy(sample.tenancyNamed("late")))))
        .isInstanceOf(StoreException.class);
    assertThatThrownBy(() -> store().load()).isInstanceOf(StoreException.class);
    assertThatThrownBy(() -> store().reserveUsage(sample.version().id(), 1))
        .isInstanceOf(StoreException.class);
    assertThat(store().check().healthy()).isFalse();
  }

  private boolean isRefusedAgain() {
    try {
      again();
      return false;
    } catch (StoreException e) {
      return true;
    }
  }

  private boolean tryCommit(long revision, TenancyRecord tenancy) {
    try {
      store().commit(revision, List.of(new PutTenancy(tenancy)));
      return true;
    } catch (RevisionConflictException e) {
      return false;
    }
  }

  private static TenancyRecord incremented(SampleRecords sample, MetadataStore store) {
    int value = Integer.parseInt(store.load().tenancies().get(0).name());
    return sample.tenancyNamed(Integer.toString(value + 1));
  }

  /** Commits to both records until the reader is done; returns how often. */
  private long writeUntil(AtomicBoolean read, SampleRecords one, SampleRecords two) {
    long commits = 0;
    while (!read.get() || commits < COMMITS_EACH) {
      String name = Long.toString(commits + 2);
      List<MetadataChange> both =
          List.of(new PutTenancy(one.tenancyNamed(name)), new PutTenancy(two.tenancyNamed(name)));
      store().commit(commits + 1, both);
      commits++;
    }
    return commits;
  }

  private long readMany(AtomicBoolean read) {
    try {
      for (int i = 0; i < READS; i++) {
        MetadataSnapshot snapshot = store().load();
        String revision = Long.toString(snapshot.revision());
        assertThat(snapshot.tenancies())
            .extracting(TenancyRecord::name)
            .containsExactly(revision, revision);
      }
      return READS;
    } finally {
      read.set(true);
    }
  }

  private KeyVersionId committedVersion() {
    SampleRecords sample = SampleRecords.minimal();
    commit(sample.puts());
    return sample.version().id();
  }

  private static List<Block> reserveSome(MetadataStore store, KeyVersionId version, long count) {
    List<Block> blocks = new ArrayList<>();
    for (int i = 0; i < COMMITS_EACH; i++) {
      blocks.add(new Block(store.reserveUsage(version, count), count));
    }
    return blocks;
  }

  private static void assertSeamless(List<Block> blocks) {
    long next = 0;
    for (Block block : blocks.stream().sorted(Comparator.comparingLong(Block::first)).toList()) {
      assertThat(block.first())
          .as("each block begins where the one before it ends")
          .isEqualTo(next);
      next += block.count();
    }
  }
}
