// SPDX-License-Identifier: Apache-2.0
package org.openekm.server.store;

import java.util.Optional;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.transaction.TransactionIsolationLevel;
import org.openekm.spi.store.NodeRegistry;

/** What differs between the databases. */
interface Database {

  /** Returns true if no other process can write. */
  boolean isExclusive();

  /** Returns the isolation at which several statements read one state. */
  TransactionIsolationLevel readIsolation();

  /**
   * Moves the revision from the expected one to the next, within a transaction, and sees to it that
   * other nodes hear of it when that commits.
   *
   * @return false if the newest revision is another one
   */
  boolean moveRevision(Handle handle, long expected);

  /** Returns the account of nodes, where others can write. */
  Optional<NodeRegistry> nodes();

  /** One SQLite file, which one process holds. */
  final class Sqlite implements Database {

    @Override
    public boolean isExclusive() {
      return true;
    }

    /** Every transaction takes the one write lock. */
    @Override
    public TransactionIsolationLevel readIsolation() {
      return TransactionIsolationLevel.SERIALIZABLE;
    }

    /** There is nobody to tell. */
    @Override
    public boolean moveRevision(Handle handle, long expected) {
      return handle.execute(
              "UPDATE revision SET value = ? WHERE id = 1 AND value = ?", expected + 1, expected)
          == 1;
    }

    @Override
    public Optional<NodeRegistry> nodes() {
      return Optional.empty();
    }
  }

  /**
   * One PostgreSQL database, which many nodes share.
   *
   * @param registry the account of nodes
   */
  record PostgreSql(PostgresNodeRegistry registry) implements Database {

    @Override
    public boolean isExclusive() {
      return false;
    }

    @Override
    public TransactionIsolationLevel readIsolation() {
      return TransactionIsolationLevel.REPEATABLE_READ;
    }

    /** One statement for both: the row stays locked until the commit, so every trip counts. */
    @Override
    public boolean moveRevision(Handle handle, long expected) {
      return handle
              .select(
                  "WITH moved AS (UPDATE revision SET value = ? WHERE id = 1 AND value = ? RETURNING value)"
                      + " SELECT pg_notify(?, CAST(value AS TEXT)) FROM moved",
                  expected + 1,
                  expected,
                  PostgresNews.CHANNEL)
              .mapToMap()
              .list()
              .size()
          == 1;
    }

    @Override
    public Optional<NodeRegistry> nodes() {
      return Optional.of(registry);
    }
  }
}
