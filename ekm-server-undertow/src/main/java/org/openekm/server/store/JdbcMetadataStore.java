// SPDX-License-Identifier: Apache-2.0
package org.openekm.server.store;

import java.util.List;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.Jdbi;
import org.jdbi.v3.core.JdbiException;
import org.openekm.api.KeyVersionId;
import org.openekm.spi.CheckResult;
import org.openekm.spi.store.MetadataChange;
import org.openekm.spi.store.MetadataSnapshot;
import org.openekm.spi.store.MetadataStore;
import org.openekm.spi.store.RevisionConflictException;
import org.openekm.spi.store.StoreException;

/**
 * Keeps the metadata in SQL tables. The statements keep to what SQLite and PostgreSQL share.
 *
 * <p>Thread-safe: one statement at a time runs on the one connection. Only changes of an operator
 * and reservations of usage come here; no request waits for it.
 */
final class JdbcMetadataStore implements MetadataStore {

  private final Jdbi jdbi;
  private final AutoCloseable connection;
  private final boolean exclusive;

  /**
   * Makes a store on an open connection whose tables are up to date.
   *
   * @param connection closed with the store
   * @param exclusive true if no other process can commit
   */
  JdbcMetadataStore(Jdbi jdbi, AutoCloseable connection, boolean exclusive) {
    this.jdbi = jdbi;
    this.connection = connection;
    this.exclusive = exclusive;
  }

  @Override
  public synchronized MetadataSnapshot load() {
    try {
      return jdbi.inTransaction(handle -> Tables.read(handle, newestRevision(handle)));
    } catch (RuntimeException e) {
      // Not only the database may fail: a damaged row throws whatever its parser throws.
      throw failed("read", e);
    }
  }

  @Override
  public synchronized long revision() {
    try {
      return jdbi.withHandle(JdbcMetadataStore::newestRevision);
    } catch (RuntimeException e) {
      throw failed("read", e);
    }
  }

  @Override
  public synchronized long commit(long expectedRevision, List<MetadataChange> changes) {
    if (changes.isEmpty()) {
      throw new IllegalArgumentException("a commit needs at least one change");
    }
    try {
      return jdbi.inTransaction(handle -> commit(handle, expectedRevision, changes));
    } catch (JdbiException | IllegalStateException e) {
      throw failed("written", e);
    }
  }

  @Override
  public synchronized long reserveUsage(KeyVersionId version, long count) {
    if (count < 1) {
      throw new IllegalArgumentException("count must be at least 1, is " + count);
    }
    try {
      return jdbi.inTransaction(handle -> reserve(handle, version, count));
    } catch (JdbiException e) {
      throw failed("written", e);
    }
  }

  @Override
  public boolean isExclusive() {
    return exclusive;
  }

  @Override
  public synchronized CheckResult check() {
    try {
      long revision =
          jdbi.inTransaction(
              handle -> {
                handle.execute("UPDATE revision SET value = value WHERE id = 1");
                return newestRevision(handle);
              });
      return CheckResult.ok("readable and writable at revision " + revision);
    } catch (RuntimeException e) {
      return CheckResult.failed("the metadata store can't be written: " + e.getMessage());
    }
  }

  @Override
  public synchronized void close() {
    try {
      connection.close();
    } catch (Exception e) {
      throw new StoreException("the metadata store did not close cleanly: " + e.getMessage(), e);
    }
  }

  private static long commit(Handle handle, long expectedRevision, List<MetadataChange> changes) {
    long newRevision = expectedRevision + 1;
    int moved =
        handle.execute(
            "UPDATE revision SET value = ? WHERE id = 1 AND value = ?",
            newRevision,
            expectedRevision);
    if (moved == 0) {
      throw new RevisionConflictException(expectedRevision, newestRevision(handle));
    }
    changes.forEach(change -> Tables.apply(handle, change));
    return newRevision;
  }

  private static long reserve(Handle handle, KeyVersionId version, long count) {
    handle.execute(
        "INSERT INTO key_usage (version_id, reserved) VALUES (?, ?)"
            + " ON CONFLICT (version_id) DO UPDATE SET reserved = key_usage.reserved + excluded.reserved",
        version.toString(),
        count);
    long total =
        handle
            .select("SELECT reserved FROM key_usage WHERE version_id = ?", version.toString())
            .mapTo(Long.class)
            .one();
    return total - count;
  }

  private static long newestRevision(Handle handle) {
    return handle.select("SELECT value FROM revision WHERE id = 1").mapTo(Long.class).one();
  }

  private static StoreException failed(String what, RuntimeException cause) {
    return new StoreException(
        "the metadata store can't be " + what + ": " + cause.getMessage(), cause);
  }
}
