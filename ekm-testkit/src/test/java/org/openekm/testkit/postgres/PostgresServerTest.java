// SPDX-License-Identifier: Apache-2.0
package org.openekm.testkit.postgres;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.openekm.testkit.fake.TcpProxy;

@Timeout(120)
class PostgresServerTest {

  @TempDir Path folder;

  @Test
  void stoppedKilledAndStartedAgain_keepsWhatWasCommitted() throws Exception {
    try (PostgresServer server = PostgresServer.start(folder)) {
      String url = server.url(server.newDatabase());
      execute(url, "CREATE TABLE t AS SELECT 41 AS v");

      server.stop();
      assertThatThrownBy(() -> value(url)).isInstanceOf(SQLException.class);
      server.restart();
      execute(url, "UPDATE t SET v = 42");
      server.kill();
      assertThatThrownBy(() -> value(url)).isInstanceOf(SQLException.class);
      server.restart();

      assertThat(value(url)).isEqualTo(42);
    }
  }

  @Test
  void proxy_cutSlowAndHealed_actsLikeANetwork() throws Exception {
    try (PostgresServer server = PostgresServer.start(folder);
        TcpProxy proxy = TcpProxy.to(server.port())) {
      String database = server.newDatabase();
      execute(server.url(database), "CREATE TABLE t AS SELECT 7 AS v");
      String url = PostgresServer.url(database, proxy.port()) + "&socketTimeout=1&connectTimeout=1";
      assertThat(value(url)).isEqualTo(7);

      proxy.cut();
      assertThatThrownBy(() -> value(url)).isInstanceOf(SQLException.class);
      proxy.heal();
      assertThat(value(url)).isEqualTo(7);

      proxy.slow(Duration.ofMillis(50));
      long began = System.nanoTime();
      assertThat(value(url)).isEqualTo(7);
      assertThat(Duration.ofNanos(System.nanoTime() - began)).isGreaterThan(Duration.ofMillis(100));
    }
  }

  private static void execute(String url, String sql) throws SQLException {
    try (Connection connection = DriverManager.getConnection(url, "postgres", "");
        Statement statement = connection.createStatement()) {
      statement.execute(sql);
    }
  }

  private static int value(String url) throws SQLException {
    try (Connection connection = DriverManager.getConnection(url, "postgres", "");
        Statement statement = connection.createStatement();
        ResultSet row = statement.executeQuery("SELECT v FROM t")) {
      assertThat(row.next()).isTrue();
      return row.getInt(1);
    }
  }
}
