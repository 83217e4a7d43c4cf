// SPDX-License-Identifier: Apache-2.0
package org.openekm.server.store;

import com.zaxxer.hikari.HikariDataSource;
import com.zaxxer.hikari.pool.HikariPool;
import java.time.Duration;
import java.util.Optional;
import org.flywaydb.core.api.FlywayException;
import org.openekm.spi.ComponentContext;
import org.openekm.spi.SecretReference;
import org.openekm.spi.Settings;
import org.openekm.spi.store.MetadataStore;
import org.openekm.spi.store.MetadataStoreProvider;
import org.openekm.spi.store.StoreException;

/**
 * Keeps the metadata in a PostgreSQL database, for several nodes: connection pool, news by
 * LISTEN/NOTIFY, an account of nodes.
 *
 * <p>Settings: {@code url}, the JDBC URL, with {@code sslmode=verify-full} unless it says
 * otherwise; {@code user}; {@code password}, where to find it; {@code connections}, 2 to 50, 8
 * unless set.
 */
public final class PostgresMetadataStoreProvider implements MetadataStoreProvider {

  /** A lost store must be told from a slow one within the deadline of a request. */
  private static final Duration WAIT = Duration.ofMillis(500);

  private static final Duration RECONNECTING = Duration.ofSeconds(10);
  private static final int MOST_CONNECTIONS = 50;
  private static final int USUAL_CONNECTIONS = 8;

  /** Made by the service loader. */
  public PostgresMetadataStoreProvider() {}

  @Override
  public String name() {
    return "postgresql";
  }

  @Override
  public MetadataStore create(ComponentContext context) {
    Settings settings = context.settings();
    String url =
        settings.requiredText("url", "give the JDBC URL, such as jdbc:postgresql://db.example/ekm");
    if (!url.isEmpty() && !url.startsWith("jdbc:postgresql:")) {
      settings.problem(
          "url", "is not a JDBC URL of PostgreSQL", "begin it with jdbc:postgresql://");
    }
    String user = settings.requiredText("user", "give the database user, such as openekm");
    Optional<SecretReference> password = password(settings);
    int connections = settings.integer("connections", USUAL_CONNECTIONS, 2, MOST_CONNECTIONS);
    settings.finish();
    return open(new PostgresDataSource(url, user, password, context.secrets()), connections);
  }

  private static Optional<SecretReference> password(Settings settings) {
    try {
      return settings.text("password").map(SecretReference::parse);
    } catch (IllegalArgumentException e) {
      settings.problem(
          "password",
          "is not a reference to a secret",
          "write ${file:/path} or ${env:NAME}, never the password itself");
      return Optional.empty();
    }
  }

  static MetadataStore open(PostgresDataSource source, int connections) {
    try {
      HikariDataSource pool = Pools.open("postgresql", source, connections, WAIT);
      source.patience(RECONNECTING);
      PostgresNodeRegistry registry = new PostgresNodeRegistry(pool, source);
      return new JdbcMetadataStore(
          pool,
          () -> {
            source.patience(Duration.ZERO);
            registry.close();
            pool.close();
          },
          new Database.PostgreSql(registry));
    } catch (FlywayException | HikariPool.PoolInitializationException e) {
      throw new StoreException(
          "the database can't be opened at " + source.getURL() + ": " + reason(e), e);
    }
  }

  /** The last cause says what the driver met; what is around it only repeats it at length. */
  private static String reason(Throwable failure) {
    Throwable last = failure;
    while (last.getCause() != null) {
      last = last.getCause();
    }
    return String.valueOf(last.getMessage());
  }
}
