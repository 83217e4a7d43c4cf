// SPDX-License-Identifier: Apache-2.0
package org.openekm.server.store;

import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import org.openekm.spi.SecretUnavailableException;

/** A real PostgreSQL server on loopback, one for all tests of a run, with a database for each. */
public final class PostgresServer {

  private static final AtomicInteger DATABASES = new AtomicInteger();

  private final EmbeddedPostgres server;

  private PostgresServer(EmbeddedPostgres server) {
    this.server = server;
  }

  private static final class Shared {

    static final PostgresServer SERVER = start();

    private Shared() {}
  }

  /** Returns the server that is started once and ends with the process. */
  public static PostgresServer shared() {
    return Shared.SERVER;
  }

  private static PostgresServer start() {
    try {
      return new PostgresServer(EmbeddedPostgres.builder().start());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Makes an empty database and returns its JDBC URL. */
  public String newDatabase() {
    String name = "ekm_" + DATABASES.incrementAndGet();
    try (Connection connection = server.getPostgresDatabase().getConnection();
        Statement statement = connection.createStatement()) {
      statement.execute("CREATE DATABASE " + name);
    } catch (SQLException e) {
      throw new IllegalStateException(e);
    }
    return "jdbc:postgresql://127.0.0.1:" + server.getPort() + "/" + name + "?sslmode=disable";
  }

  /** Returns a source of connections to a database of this server. */
  static PostgresDataSource source(String url) {
    return new PostgresDataSource(
        url,
        "postgres",
        Optional.empty(),
        reference -> {
          throw new SecretUnavailableException(reference, "is not needed", null);
        });
  }
}
