// SPDX-License-Identifier: Apache-2.0
package org.openekm.server.store;

import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import javax.sql.DataSource;
import org.openekm.spi.store.StoreException;
import org.postgresql.PGConnection;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Listens on a connection of its own for what other nodes have committed. Connects again by itself.
 * Thread-safe.
 */
final class PostgresNews implements AutoCloseable {

  static final String CHANNEL = "ekm_revision";

  private static final Logger LOG = LoggerFactory.getLogger(PostgresNews.class);
  private static final Duration LISTEN_FOR = Duration.ofSeconds(1);
  private static final Duration PAUSE = Duration.ofMillis(500);

  private final DataSource source;
  private final Runnable news;
  private final CountDownLatch closed = new CountDownLatch(1);

  private PostgresNews(DataSource source, Runnable news) {
    this.source = source;
    this.news = news;
  }

  /** Begins to listen on a thread of its own. */
  static PostgresNews listen(DataSource source, Runnable news) {
    PostgresNews listening = new PostgresNews(source, news);
    Thread thread = new Thread(listening::run, "ekm-store-news");
    thread.setDaemon(true);
    thread.start();
    return listening;
  }

  /** Ends within a second or two. */
  @Override
  public void close() {
    closed.countDown();
  }

  private boolean isClosed() {
    return closed.getCount() == 0;
  }

  private void run() {
    boolean complained = false;
    while (!isClosed()) {
      try (Connection connection = source.getConnection()) {
        subscribe(connection);
        complained = false;
        // Whatever was committed while nobody listened.
        tell();
        listen(connection);
      } catch (SQLException e) {
        if (!complained && !isClosed()) {
          LOG.warn("no news from the metadata store, which is polled: {}", e.getMessage());
        }
        complained = true;
        pause();
      }
    }
  }

  private static void subscribe(Connection connection) throws SQLException {
    try (Statement statement = connection.createStatement()) {
      statement.execute("LISTEN " + CHANNEL);
    }
  }

  private void listen(Connection connection) throws SQLException {
    PGConnection postgres = connection.unwrap(PGConnection.class);
    while (!isClosed()) {
      var notifications = postgres.getNotifications((int) LISTEN_FOR.toMillis());
      if (notifications != null && notifications.length > 0) {
        tell();
      } else if (!connection.isValid((int) LISTEN_FOR.toSeconds())) {
        throw new SQLException("the connection is dead");
      }
    }
  }

  private void tell() {
    try {
      news.run();
    } catch (StoreException e) {
      LOG.debug("news could not be fetched, the next poll does it: {}", e.getMessage());
    }
  }

  private void pause() {
    try {
      boolean ends = closed.await(PAUSE.toMillis(), TimeUnit.MILLISECONDS);
      LOG.debug("{} after a pause", ends ? "ends" : "connects again");
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      closed.countDown();
    }
  }
}
