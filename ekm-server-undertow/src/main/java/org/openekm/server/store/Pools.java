// SPDX-License-Identifier: Apache-2.0
package org.openekm.server.store;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import java.time.Duration;
import javax.sql.DataSource;
import org.flywaydb.core.Flyway;

/** Makes connection pools on databases whose tables it has brought up to date. */
final class Pools {

  private static final Duration VALIDATION = Duration.ofMillis(250);

  private Pools() {}

  /**
   * Makes a pool.
   *
   * @param most how many connections it has at most
   * @param wait how long a call waits for one
   * @throws org.flywaydb.core.api.FlywayException if the tables can't be used: those that a newer
   *     version of this server has changed are refused, not guessed at
   */
  static HikariDataSource open(String name, DataSource source, int most, Duration wait) {
    migrate(source);
    HikariConfig config = new HikariConfig();
    config.setPoolName(name);
    config.setDataSource(source);
    config.setMaximumPoolSize(most);
    config.setMinimumIdle(Math.min(2, most));
    config.setConnectionTimeout(wait.toMillis());
    config.setValidationTimeout(VALIDATION.toMillis());
    config.setKeepaliveTime(0);
    return new HikariDataSource(config);
  }

  private static void migrate(DataSource source) {
    Flyway.configure(Pools.class.getClassLoader())
        .dataSource(source)
        .locations("classpath:org/openekm/server/store/migration")
        .ignoreMigrationPatterns(new String[0])
        .load()
        .migrate();
  }
}
