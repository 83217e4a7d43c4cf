// SPDX-License-Identifier: Apache-2.0
package org.openekm.testkit.tck;

import java.util.Optional;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.openekm.spi.store.MetadataStore;
import org.openekm.testkit.tck.BrokenStore.Flaw;

@Tag("once")
class BrokenStoreTest {

  @ParameterizedTest
  @EnumSource
  void store_kit_findsTheFlaw(Flaw flaw) {
    TckRunner.assertFound(Mutant.class, flaw, testFor(flaw));
  }

  private static String testFor(Flaw flaw) {
    return switch (flaw) {
      case STARTS_AT_ONE -> "newStore_isEmptyAtRevisionZero";
      case LOSES_LABELS -> "load_attributes_areKeptOneByOne";
      case LOSES_KEY_POLICIES -> "load_afterCommit_givesRecordsWithEveryOptionalPart";
      case DROPS_FRACTIONS_OF_SECONDS -> "load_afterCommit_givesRecordsWithoutAnyOptionalPart";
      case APPLIES_BACKWARDS -> "commit_severalChangesOfOneRecord_appliesThemInOrder";
      case PUT_KEEPS_THE_OLD_RECORD -> "put_ofAKnownId_replacesTheWholeRecord";
      case REMOVING_NOTHING_FAILS -> "remove_ofWhatIsNotThere_isASuccessAndMovesTheRevision";
      case NEVER_CONFLICTS, CHANGES_BEFORE_A_CONFLICT ->
          "commit_onAnotherRevision_isAConflictAndChangesNothing";
      case CHECKS_THE_REVISION_TOO_EARLY -> "commit_byManyThreadsOnOneRevision_hasExactlyOneWinner";
      case LOADS_IN_TWO_STEPS -> "load_duringCommits_isAlwaysOneRevisionWhole";
      case USAGE_GIVES_THE_NEW_TOTAL -> "reserveUsage_givesTheTotalBefore";
      case USAGE_IS_ONE_NUMBER -> "reserveUsage_countsEachVersionOnItsOwn";
      case USAGE_IS_32_BIT -> "reserveUsage_beyondTwoToTheThirtyTwo_countsOn";
      case USAGE_RACES -> "reserveUsage_byManyThreads_givesNoNumberTwice";
      case USAGE_RESET_BY_PUT -> "reserveUsage_survivesAPutOfTheVersion";
      case USAGE_MOVES_THE_REVISION -> "reserveUsage_doesNotMoveTheRevision";
      case USAGE_FORGOTTEN_ON_REOPEN, EVERYTHING_FORGOTTEN_ON_REOPEN -> "reopen_keepsEverything";
      case EXCLUSIVE_BUT_OPENS_TWICE -> "openAgain_whileAnExclusiveStoreIsOpen_isRefused";
      case WORKS_AFTER_CLOSE -> "close_thenCalls_failAsAStoreDoes";
      case DELTA_FORGETS_REMOVALS, DELTA_STARTS_TOO_LATE ->
          "changesSince_anyEarlierRevision_leadToTheNewest";
      case DELTA_IS_NEVER_EMPTY -> "changesSince_theNewest_areNone";
      case CHECK_WRITES -> "check_ofAWorkingStore_isHealthyAndChangesNothing";
    };
  }

  @ExtendWith(FlawResolver.class)
  static final class Mutant extends MetadataStoreTck {

    private final InMemoryStore.Disk disk = new InMemoryStore.Disk();
    private final Flaw flaw;

    Mutant(Flaw flaw) {
      this.flaw = flaw;
    }

    @Override
    protected MetadataStore createStore() {
      return open(disk);
    }

    @Override
    protected Optional<MetadataStore> openAgain() {
      return Optional.of(
          open(flaw == Flaw.EVERYTHING_FORGOTTEN_ON_REOPEN ? new InMemoryStore.Disk() : disk));
    }

    private MetadataStore open(InMemoryStore.Disk where) {
      boolean exclusive = flaw != Flaw.EXCLUSIVE_BUT_OPENS_TWICE;
      MetadataStore right = new InMemoryStore(where, exclusive);
      return new BrokenStore(exclusive ? right : claimingExclusive(right), flaw);
    }

    private static MetadataStore claimingExclusive(MetadataStore shared) {
      return new ForwardingStore(shared) {
        @Override
        public boolean isExclusive() {
          return true;
        }
      };
    }
  }
}
