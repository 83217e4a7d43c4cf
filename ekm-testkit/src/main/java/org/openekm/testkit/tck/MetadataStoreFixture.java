// SPDX-License-Identifier: Apache-2.0
package org.openekm.testkit.tck;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.openekm.spi.store.MetadataChange;
import org.openekm.spi.store.MetadataStore;
import org.openekm.spi.store.RevisionConflictException;

/** The hooks of {@link MetadataStoreTck} and what its parts share. */
abstract class MetadataStoreFixture {

  private final List<MetadataStore> opened = new CopyOnWriteArrayList<>();
  private MetadataStore store;

  /**
   * Opens a new, empty store with data of its own, such as a file in a temporary directory or a
   * fresh schema. Called once before each test. The kit closes it.
   */
  protected abstract MetadataStore createStore();

  /**
   * Opens the data of the last {@link #createStore()} once more, as a restarted or a second server
   * does. Called after the first store was closed, and also while it is still open: then an
   * exclusive store must refuse with {@link org.openekm.spi.store.StoreException}, and any other
   * one must open. The kit closes it.
   *
   * @return absent, unless overridden, for a store that keeps nothing after close; the tests that
   *     need it are then aborted
   */
  protected Optional<MetadataStore> openAgain() {
    return Optional.empty();
  }

  /** Opens the store of the test. */
  @BeforeEach
  protected void openStore() {
    store = track(createStore());
  }

  /** Closes what the test has opened. */
  @AfterEach
  protected void closeStores() {
    opened.forEach(MetadataStore::close);
  }

  final MetadataStore store() {
    return store;
  }

  /** Opens the same data again or aborts the test. */
  final MetadataStore again() {
    Optional<MetadataStore> again = openAgain();
    assumeTrue(again.isPresent(), "openAgain() gives none: the store keeps nothing");
    return track(again.orElseThrow());
  }

  /** Closes the store and opens its data again. */
  final MetadataStore reopened() {
    store.close();
    store = again();
    return store;
  }

  final long commit(MetadataChange... changes) {
    return store.commit(store.revision(), List.of(changes));
  }

  /**
   * Commits what the decision gives for the newest revision, as often as others come in between;
   * returns the revision.
   */
  static long commitWithRetry(MetadataStore store, Decision decision) {
    while (true) {
      long revision = store.revision();
      try {
        return store.commit(revision, decision.decide(store));
      } catch (RevisionConflictException e) {
        Thread.onSpinWait();
      }
    }
  }

  /** Says what to change, from what is there. */
  @FunctionalInterface
  interface Decision {
    List<MetadataChange> decide(MetadataStore store);
  }

  private MetadataStore track(MetadataStore fresh) {
    opened.add(fresh);
    return fresh;
  }
}
