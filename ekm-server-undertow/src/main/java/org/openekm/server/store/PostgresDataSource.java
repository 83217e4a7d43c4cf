// SPDX-License-Identifier: Apache-2.0
package org.openekm.server.store;

import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.openekm.api.SecretBytes;
import org.openekm.spi.SecretReference;
import org.openekm.spi.SecretResolver;
import org.openekm.spi.SecretUnavailableException;
import org.postgresql.ds.PGSimpleDataSource;

/**
 * Opens connections to PostgreSQL. The password is read anew for each, so that it can be changed
 * while the server runs. Thread-safe once it is set up.
 */
final class PostgresDataSource extends PGSimpleDataSource {

  private static final long serialVersionUID = 1L;

  /** A server that does not even accept is given up within the deadline of a request. */
  private static final int CONNECT_SECONDS = 1;

  /** No answer for so long means that the connection is dead. */
  private static final int SOCKET_SECONDS = 2;

  /** A statement that waits for a lock of somebody who has died must not wait for ever. */
  private static final String SERVER_LIMITS =
      "-c lock_timeout=2000 -c idle_in_transaction_session_timeout=5000";

  private static final long RETRY_NANOS = TimeUnit.MILLISECONDS.toNanos(200);

  private final transient SecretResolver secrets;
  private final transient Optional<SecretReference> password;
  private transient volatile Duration patience = Duration.ZERO;

  /**
   * Makes a source.
   *
   * @param url a JDBC URL; {@code sslmode=verify-full} is added unless it says otherwise
   */
  PostgresDataSource(
      String url, String user, Optional<SecretReference> password, SecretResolver secrets) {
    this.secrets = secrets;
    this.password = password;
    boolean silent = !url.contains("sslmode=");
    setUrl(url);
    setUser(user);
    if (silent) {
      setSslMode("verify-full");
    }
    setConnectTimeout(CONNECT_SECONDS);
    setLoginTimeout(CONNECT_SECONDS);
    setSocketTimeout(SOCKET_SECONDS);
    setTcpKeepAlive(true);
    setApplicationName("openekm");
    setOptions(SERVER_LIMITS);
  }

  /**
   * From now on tries again and again for so long before a connection fails. For a pool whose
   * threads do nothing else: left to itself, it would try less and less often the longer a database
   * is away.
   */
  void patience(Duration value) {
    patience = value;
  }

  @Override
  public Connection getConnection() throws SQLException {
    long end = System.nanoTime() + patience.toNanos();
    while (true) {
      try {
        return connectOnce();
      } catch (SQLException e) {
        if (System.nanoTime() - end >= 0 || Thread.currentThread().isInterrupted()) {
          throw e;
        }
        LockSupport.parkNanos(RETRY_NANOS);
      }
    }
  }

  private Connection connectOnce() throws SQLException {
    Connection connection = connect();
    boolean ready = false;
    try {
      keepCommits(connection);
      ready = true;
      return connection;
    } finally {
      if (!ready) {
        connection.close();
      }
    }
  }

  private Connection connect() throws SQLException {
    if (password.isEmpty()) {
      return super.getConnection();
    }
    try (SecretBytes secret = secrets.resolve(password.get())) {
      return getConnection(
          getUser(), new String(secret.toByteArray(), StandardCharsets.UTF_8).strip());
    } catch (SecretUnavailableException e) {
      throw new SQLException("the password of the database " + e.getMessage(), e);
    }
  }

  /** What is acknowledged must survive a crash of the database, however it is set up. */
  private static void keepCommits(Connection connection) throws SQLException {
    try (var statement = connection.createStatement()) {
      statement.execute(
          "SELECT set_config('synchronous_commit', 'on', false)"
              + " WHERE current_setting('synchronous_commit') = 'off'");
    }
  }
}
