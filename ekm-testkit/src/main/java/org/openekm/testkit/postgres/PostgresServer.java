// SPDX-License-Identifier: Apache-2.0
package org.openekm.testkit.postgres;

import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;
import org.openekm.testkit.fake.Ports;

/**
 * A real PostgreSQL server on loopback, whose programs come with the kit: Linux on x86-64. It can
 * be stopped, killed and started again on the same data and port. Thread-safe.
 */
public final class PostgresServer implements AutoCloseable {

  private static final Duration PATIENCE = Duration.ofSeconds(30);

  private final Path data;
  private final int port;
  private final AtomicInteger databases = new AtomicInteger();
  private EmbeddedPostgres running;

  private PostgresServer(Path data, int port) {
    this.data = data;
    this.port = port;
    this.running = launch();
  }

  /**
   * Starts a server with data of its own.
   *
   * @param folder an empty folder for its data
   * @throws UncheckedIOException if it can't be started
   */
  public static PostgresServer start(Path folder) {
    return new PostgresServer(folder, Ports.free());
  }

  /** Returns the port that it listens on, on 127.0.0.1. */
  public int port() {
    return port;
  }

  /** Makes an empty database and returns its name. */
  public synchronized String newDatabase() {
    String name = "ekm_" + databases.incrementAndGet();
    try (Connection connection = running.getPostgresDatabase().getConnection();
        Statement statement = connection.createStatement()) {
      statement.execute("CREATE DATABASE " + name);
    } catch (SQLException e) {
      throw new IllegalStateException("the database could not be made: " + e.getMessage(), e);
    }
    return name;
  }

  /** Runs SQL statements in a database, as the superuser, in one transaction. */
  public void execute(String database, String... statements) {
    try (Connection connection = running.getDatabase("postgres", database).getConnection();
        Statement statement = connection.createStatement()) {
      connection.setAutoCommit(false);
      for (String each : statements) {
        statement.execute(each);
      }
      connection.commit();
    } catch (SQLException e) {
      throw new IllegalStateException("the statements failed: " + e.getMessage(), e);
    }
  }

  /** Returns the JDBC URL of a database, without TLS; the user is {@code postgres}. */
  public String url(String database) {
    return url(database, port);
  }

  /** Returns the JDBC URL of a database that is reached by another port of this machine. */
  public static String url(String database, int port) {
    return "jdbc:postgresql://127.0.0.1:" + port + "/" + database + "?sslmode=disable";
  }

  /** Stops it in good order. */
  public synchronized void stop() {
    try {
      running.close();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Kills it as {@code kill -9} does, and waits until it is gone. */
  public synchronized void kill() {
    try {
      long pid = Long.parseLong(Files.readAllLines(data.resolve("postmaster.pid")).get(0).strip());
      ProcessHandle server = ProcessHandle.of(pid).orElseThrow();
      server.destroyForcibly();
      server.onExit().get(PATIENCE.toSeconds(), TimeUnit.SECONDS);
      running.close();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (ExecutionException | TimeoutException e) {
      throw new IllegalStateException("the database does not die", e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("interrupted", e);
    }
  }

  /** Starts it again after {@link #stop} or {@link #kill}. */
  public synchronized void restart() {
    running = launch();
  }

  @Override
  public void close() {
    stop();
  }

  private EmbeddedPostgres launch() {
    try {
      return EmbeddedPostgres.builder()
          .setDataDirectory(data)
          .setCleanDataDirectory(false)
          .setPort(port)
          .setPGStartupWait(PATIENCE)
          // What comes with the library is quick and loses commits when killed.
          .setServerConfig("fsync", "on")
          .setServerConfig("synchronous_commit", "on")
          .setServerConfig("full_page_writes", "on")
          .start();
    } catch (IOException e) {
      throw new UncheckedIOException("PostgreSQL could not be started: " + e.getMessage(), e);
    }
  }
}
