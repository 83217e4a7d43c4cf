// SPDX-License-Identifier: Apache-2.0
package org.openekm.spi.store;

import java.util.List;
import java.util.Optional;
import org.openekm.api.KeyVersionId;
import org.openekm.spi.CheckResult;

/**
 * Keeps the metadata. Thread-safe; methods block.
 *
 * <p>Every method except {@link #check} throws {@link StoreException} if the store can't be reached
 * or is broken.
 */
public interface MetadataStore extends AutoCloseable {

  /** Returns everything at the newest revision, consistent in itself. */
  MetadataSnapshot load();

  /**
   * Returns what has changed since a revision, so that a node need not load everything for one
   * change; absent if the store can't tell.
   *
   * @param revision a revision that {@link #load} or this method has returned
   */
  default Optional<MetadataDelta> changesSince(long revision) {
    return Optional.empty();
  }

  /** Returns the newest committed revision; 0 for an empty store. */
  long revision();

  /**
   * Commits all changes at once together with the next revision, durably.
   *
   * @param expectedRevision the revision that the caller's decision was based on
   * @param changes at least one, applied in their order
   * @return the new revision, {@code expectedRevision + 1}
   * @throws RevisionConflictException if the newest revision is another one; nothing was changed
   */
  long commit(long expectedRevision, List<MetadataChange> changes);

  /**
   * Sets a number of encryptions aside for a key version, durably. Counts may be lost to a crash
   * only as already used up, so that the total is never too small. Does not move the revision.
   *
   * @param count at least 1
   * @return the total that was set aside before this call
   */
  long reserveUsage(KeyVersionId version, long count);

  /**
   * Returns true if no other process can commit to this store. A node on an exclusive store need
   * not ask whether its view is fresh.
   */
  boolean isExclusive();

  /**
   * Returns who else answers from this store; absent if it is exclusive or keeps no account.
   * Without it, a change that takes access away is acknowledged only when the time has passed after
   * which every node must have looked again.
   */
  default Optional<NodeRegistry> nodes() {
    return Optional.empty();
  }

  /** Tries whether the store can be read and written; doesn't throw. */
  CheckResult check();

  /** Lets go of files and connections. */
  @Override
  void close();
}
