// SPDX-License-Identifier: Apache-2.0
package org.openekm.testkit.tck;

import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.openekm.spi.store.MetadataStore;
import org.openekm.testkit.fake.FaultyMetadataStore;

class StaleSharedStoreTest {

  /** What is wrong. */
  enum Flaw {
    SECOND_STORE_IS_STALE
  }

  @Test
  void store_kit_findsASecondStoreThatDoesNotSeeCommits() {
    TckRunner.assertFound(
        Mutant.class,
        Flaw.SECOND_STORE_IS_STALE,
        "openAgain_whileASharedStoreIsOpen_seesEveryCommitAtOnce");
  }

  @ExtendWith(FlawResolver.class)
  static final class Mutant extends MetadataStoreTck {

    private final InMemoryStore.Disk disk = new InMemoryStore.Disk();

    @Override
    protected MetadataStore createStore() {
      return new InMemoryStore(disk, false);
    }

    @Override
    protected Optional<MetadataStore> openAgain() {
      FaultyMetadataStore second = new FaultyMetadataStore(new InMemoryStore(disk, false));
      second.goStale();
      return Optional.of(second);
    }
  }
}
