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

  /** Tells other nodes of the revision when the transaction of the handle commits. */
  void announce(Handle handle, long revision);

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
    public void announce(Handle handle, long revision) {}

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

    @Override
    public void announce(Handle handle, long revision) {
      handle
          .select("SELECT pg_notify(?, ?)", PostgresNews.CHANNEL, Long.toString(revision))
          .mapToMap()
          .list();
    }

    @Override
    public Optional<NodeRegistry> nodes() {
      return Optional.of(registry);
    }
  }
}
