// SPDX-License-Identifier: Apache-2.0
package org.openekm.server.store;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Supplier;
import javax.sql.DataSource;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.Jdbi;
import org.openekm.spi.store.NodeId;
import org.openekm.spi.store.NodeRecord;
import org.openekm.spi.store.NodeRegistry;
import org.openekm.spi.store.StoreException;

/**
 * The account of nodes in a table. All times are the database's own.
 *
 * <p>A report is one read as long as the node's row is young and right. Why nobody can answer
 * without a row: a report counts only if the row was younger than {@link #MUST_BE_YOUNGER} when it
 * was read, and rows are dropped only at {@link #DROPPED_AT}. The half minute between the two is
 * far longer than any staleness bound.
 */
final class PostgresNodeRegistry implements NodeRegistry {

  private static final Duration WRITTEN_EVERY = Duration.ofSeconds(1);
  private static final Duration MUST_BE_YOUNGER = Duration.ofSeconds(30);
  private static final Duration DROPPED_AT = Duration.ofSeconds(60);

  private final Jdbi jdbi;
  private final DataSource source;
  private final List<PostgresNews> listening = new ArrayList<>();

  PostgresNodeRegistry(DataSource pool, DataSource source) {
    this.jdbi = Jdbi.create(pool);
    this.source = source;
  }

  /** What one read tells: the newest revision, and what the node's row says, if there is one. */
  private record Reading(long revision, Optional<Long> acknowledged, Duration age) {

    boolean says(long wanted) {
      return acknowledged.isPresent()
          && acknowledged.get() == wanted
          && age.compareTo(WRITTEN_EVERY) < 0;
    }

    boolean counts() {
      return acknowledged.isPresent() && age.compareTo(MUST_BE_YOUNGER) < 0;
    }
  }

  @Override
  public long report(NodeId node, String name, long acknowledged) {
    return asked(
        () ->
            jdbi.withHandle(
                handle -> {
                  Reading first = read(handle, node);
                  if (first.says(acknowledged)) {
                    return first.revision();
                  }
                  write(handle, node, name, acknowledged, first);
                  return first.counts() ? first.revision() : counted(handle, node).revision();
                }));
  }

  @Override
  public List<NodeRecord> nodes() {
    return asked(
        () ->
            jdbi.withHandle(
                handle ->
                    handle
                        .select(
                            "SELECT id, name, acknowledged, "
                                + age("seen_at")
                                + " AS age FROM node ORDER BY name, id")
                        .map(
                            (row, context) ->
                                new NodeRecord(
                                    new NodeId(UUID.fromString(row.getString("id"))),
                                    row.getString("name"),
                                    row.getLong("acknowledged"),
                                    Duration.ofMillis(row.getLong("age"))))
                        .list()));
  }

  @Override
  public void leave(NodeId node) {
    asked(
        () ->
            jdbi.withHandle(
                handle -> handle.execute("DELETE FROM node WHERE id = ?", node.toString())));
  }

  @Override
  public synchronized void onNews(Runnable news) {
    listening.add(PostgresNews.listen(source, news));
  }

  synchronized void close() {
    listening.forEach(PostgresNews::close);
  }

  private static Reading counted(Handle handle, NodeId node) {
    Reading again = read(handle, node);
    if (!again.counts()) {
      throw new StoreException("this node's row was dropped while it was being written", null);
    }
    return again;
  }

  private static Reading read(Handle handle, NodeId node) {
    return handle
        .select(
            "SELECT r.value, n.acknowledged, "
                + age("n.seen_at")
                + " AS age FROM revision r LEFT JOIN node n ON n.id = ? WHERE r.id = 1",
            node.toString())
        .map(
            (row, context) -> {
              long acknowledged = row.getLong("acknowledged");
              Optional<Long> known = row.wasNull() ? Optional.empty() : Optional.of(acknowledged);
              return new Reading(
                  row.getLong("value"), known, Duration.ofMillis(row.getLong("age")));
            })
        .one();
  }

  /**
   * Writes the node's row. That there is one must survive a crash of the database; what an older
   * row says may be lost: it says less than it could, and the next report puts it right. So that
   * needs no wait for the disk. Once a second, rows of nodes that are long gone are dropped.
   */
  private static void write(
      Handle handle, NodeId node, String name, long acknowledged, Reading first) {
    boolean known = first.acknowledged().isPresent();
    handle.execute(
        "WITH pace AS (SELECT set_config('synchronous_commit', ?, true))"
            + " INSERT INTO node (id, name, acknowledged, seen_at)"
            + " SELECT ?, ?, ?, clock_timestamp() FROM pace"
            + " ON CONFLICT (id) DO UPDATE SET acknowledged = excluded.acknowledged,"
            + " seen_at = excluded.seen_at",
        known ? "off" : "on",
        node.toString(),
        name,
        acknowledged);
    if (!known || first.age().compareTo(WRITTEN_EVERY) >= 0) {
      handle.execute("DELETE FROM node WHERE " + age("seen_at") + " > ?", DROPPED_AT.toMillis());
    }
  }

  /** The age of a time in milliseconds. */
  private static String age(String column) {
    return "CAST(EXTRACT(EPOCH FROM (clock_timestamp() - " + column + ")) * 1000 AS BIGINT)";
  }

  private static <T> T asked(Supplier<T> query) {
    try {
      return query.get();
    } catch (StoreException e) {
      throw e;
    } catch (RuntimeException e) {
      throw new StoreException(
          "the metadata store can't be asked about nodes: " + e.getMessage(), e);
    }
  }
}
