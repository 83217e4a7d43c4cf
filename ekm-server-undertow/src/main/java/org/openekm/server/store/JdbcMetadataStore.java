// SPDX-License-Identifier: Apache-2.0
package org.openekm.server.store;

import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import javax.sql.DataSource;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.Jdbi;
import org.openekm.api.KeyVersionId;
import org.openekm.spi.CheckResult;
import org.openekm.spi.store.MetadataChange;
import org.openekm.spi.store.MetadataDelta;
import org.openekm.spi.store.MetadataSnapshot;
import org.openekm.spi.store.MetadataStore;
import org.openekm.spi.store.NodeRegistry;
import org.openekm.spi.store.RevisionConflictException;
import org.openekm.spi.store.StoreException;

/**
 * Keeps the metadata in SQL tables. The statements keep to what SQLite and PostgreSQL share.
 *
 * <p>Thread-safe: each call takes a connection from the pool. Only changes of an operator, looks at
 * the revision and reservations of usage come here; hardly any request waits for it.
 */
final class JdbcMetadataStore implements MetadataStore {

  private final Jdbi jdbi;
  private final AutoCloseable resources;
  private final Database database;

  /**
   * Makes a store on a pool whose database has up-to-date tables.
   *
   * @param resources closed with the store, the pool among them
   */
  JdbcMetadataStore(DataSource pool, AutoCloseable resources, Database database) {
    this.jdbi = Jdbi.create(pool);
    this.resources = resources;
    this.database = database;
  }

  @Override
  public MetadataSnapshot load() {
    return reading(handle -> new TableReader(handle).all());
  }

  @Override
  public Optional<MetadataDelta> changesSince(long revision) {
    try {
      return Optional.of(
          jdbi.withHandle(handle -> new TableReader(handle).since(revision))
              .orElseGet(() -> reading(handle -> new TableReader(handle).allSince(revision))));
    } catch (StoreException e) {
      throw e;
    } catch (RuntimeException e) {
      throw failed("read", e);
    }
  }

  @Override
  public long revision() {
    try {
      return jdbi.withHandle(handle -> new TableReader(handle).revision());
    } catch (RuntimeException e) {
      throw failed("read", e);
    }
  }

  @Override
  public long commit(long expectedRevision, List<MetadataChange> changes) {
    if (changes.isEmpty()) {
      throw new IllegalArgumentException("a commit needs at least one change");
    }
    try {
      return jdbi.inTransaction(handle -> commit(handle, expectedRevision, changes));
    } catch (RevisionConflictException e) {
      throw e;
    } catch (RuntimeException e) {
      throw failed("written", e);
    }
  }

  @Override
  public long reserveUsage(KeyVersionId version, long count) {
    if (count < 1) {
      throw new IllegalArgumentException("count must be at least 1, is " + count);
    }
    try {
      return jdbi.inTransaction(handle -> reserve(handle, version, count));
    } catch (RuntimeException e) {
      throw failed("written", e);
    }
  }

  @Override
  public boolean isExclusive() {
    return database.isExclusive();
  }

  @Override
  public Optional<NodeRegistry> nodes() {
    return database.nodes();
  }

  @Override
  public CheckResult check() {
    try {
      long revision =
          jdbi.inTransaction(
              handle -> {
                handle.execute("UPDATE revision SET value = value WHERE id = 1");
                return new TableReader(handle).revision();
              });
      return CheckResult.ok("readable and writable at revision " + revision);
    } catch (RuntimeException e) {
      return CheckResult.failed("the metadata store can't be written: " + e.getMessage());
    }
  }

  @Override
  public void close() {
    try {
      resources.close();
    } catch (Exception e) {
      throw new StoreException("the metadata store did not close cleanly: " + e.getMessage(), e);
    }
  }

  private <T> T reading(Function<Handle, T> work) {
    try {
      return jdbi.inTransaction(database.readIsolation(), work::apply);
    } catch (RuntimeException e) {
      // Not only the database may fail: a damaged row throws whatever its parser throws.
      throw failed("read", e);
    }
  }

  private long commit(Handle handle, long expectedRevision, List<MetadataChange> changes) {
    long newRevision = expectedRevision + 1;
    if (!database.moveRevision(handle, expectedRevision)) {
      throw new RevisionConflictException(expectedRevision, new TableReader(handle).revision());
    }
    TableWriter writer = new TableWriter(handle, newRevision);
    changes.forEach(writer::apply);
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

  private static StoreException failed(String what, RuntimeException cause) {
    return new StoreException(
        "the metadata store can't be " + what + ": " + cause.getMessage(), cause);
  }
}
