// SPDX-License-Identifier: Apache-2.0
package org.openekm.server.store;

import com.zaxxer.hikari.HikariDataSource;
import com.zaxxer.hikari.pool.HikariPool;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import org.flywaydb.core.api.FlywayException;
import org.openekm.spi.ComponentContext;
import org.openekm.spi.store.MetadataStore;
import org.openekm.spi.store.MetadataStoreProvider;
import org.openekm.spi.store.StoreException;
import org.sqlite.SQLiteConfig;
import org.sqlite.SQLiteDataSource;

/**
 * Keeps the metadata in one SQLite file, for a single node: write-ahead log, every commit
 * synchronized to disk. A second server on the same file is refused at the start.
 *
 * <p>Settings: {@code path}, the database file, made if it is not there. Its folder must exist.
 */
public final class SqliteMetadataStoreProvider implements MetadataStoreProvider {

  /** There is one connection, and each call has it for milliseconds. */
  private static final Duration TURN = Duration.ofSeconds(10);

  /** Made by the service loader. */
  public SqliteMetadataStoreProvider() {}

  @Override
  public String name() {
    return "sqlite";
  }

  @Override
  public MetadataStore create(ComponentContext context) {
    String path =
        context.settings().requiredText("path", "give the database file, such as data/ekm.db");
    Path folder = Path.of(path).toAbsolutePath().getParent();
    if (!path.isEmpty() && (folder == null || !Files.isDirectory(folder))) {
      context
          .settings()
          .problem("path", "names a file in a folder that is not there", "make the folder first");
    }
    context.settings().finish();
    return open(Path.of(path));
  }

  static MetadataStore open(Path file) {
    FileLock lock = FileLock.acquire(file);
    boolean opened = false;
    try {
      FilePermissions.ownerOnly(file);
      HikariDataSource pool = Pools.open("sqlite", dataSource(file), 1, TURN);
      opened = true;
      return new JdbcMetadataStore(
          pool,
          () -> {
            try (lock) {
              pool.close();
            }
          },
          new Database.Sqlite());
    } catch (HikariPool.PoolInitializationException | FlywayException | IOException e) {
      throw new StoreException("the database " + file + " can't be opened: " + e.getMessage(), e);
    } finally {
      if (!opened) {
        lock.close();
      }
    }
  }

  static SQLiteDataSource dataSource(Path file) {
    SQLiteConfig config = new SQLiteConfig();
    config.setJournalMode(SQLiteConfig.JournalMode.WAL);
    config.setSynchronous(SQLiteConfig.SynchronousMode.FULL);
    config.setTransactionMode(SQLiteConfig.TransactionMode.IMMEDIATE);
    config.setBusyTimeout(2_000);
    SQLiteDataSource source = new SQLiteDataSource(config);
    source.setUrl("jdbc:sqlite:" + file.toAbsolutePath());
    return source;
  }
}
