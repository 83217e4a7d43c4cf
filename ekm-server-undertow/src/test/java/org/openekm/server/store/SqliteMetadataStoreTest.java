// SPDX-License-Identifier: Apache-2.0
package org.openekm.server.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.zaxxer.hikari.HikariDataSource;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.SecureRandom;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.Statement;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.flywaydb.core.Flyway;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.openekm.api.NanoClock;
import org.openekm.spi.ComponentContext;
import org.openekm.spi.InvalidConfigurationException;
import org.openekm.spi.Settings;
import org.openekm.spi.store.KeyRecord;
import org.openekm.spi.store.MetadataChange;
import org.openekm.spi.store.MetadataSnapshot;
import org.openekm.spi.store.MetadataStore;
import org.openekm.spi.store.StoreException;
import org.openekm.spi.store.TenancyId;
import org.openekm.spi.store.TenancyRecord;
import org.openekm.spi.store.VaultRecord;
import org.openekm.testkit.fake.TestSecrets;
import org.openekm.testkit.tck.MetadataStoreTck;

class SqliteMetadataStoreTest {

  @TempDir Path folder;

  @Nested
  class Contract extends MetadataStoreTck {

    @Override
    protected MetadataStore createStore() {
      return SqliteMetadataStoreProvider.open(folder.resolve("ekm.db"));
    }

    @Override
    protected Optional<MetadataStore> openAgain() {
      return Optional.of(SqliteMetadataStoreProvider.open(folder.resolve("ekm.db")));
    }
  }

  @Test
  void create_missingFolder_namesTheField() {
    assertThatThrownBy(() -> create(Map.of("path", folder.resolve("no/ekm.db").toString())))
        .isInstanceOf(InvalidConfigurationException.class)
        .hasMessageContaining("path: names a file in a folder that is not there");
  }

  @Test
  void create_unknownSetting_isRefused() {
    assertThatThrownBy(
            () -> create(Map.of("path", folder.resolve("ekm.db").toString(), "jornal", "wal")))
        .isInstanceOf(InvalidConfigurationException.class)
        .hasMessageContaining("jornal");
  }

  @Test
  void open_secondServerOnTheSameFile_isRefused() {
    MetadataStore first = SqliteMetadataStoreProvider.open(folder.resolve("ekm.db"));
    try {
      assertThatThrownBy(() -> SqliteMetadataStoreProvider.open(folder.resolve("ekm.db")))
          .isInstanceOf(StoreException.class)
          .hasMessageContaining("another server uses");
    } finally {
      first.close();
    }
    SqliteMetadataStoreProvider.open(folder.resolve("ekm.db")).close();
  }

  @Test
  void open_notADatabase_isRefusedAndLetsGoOfTheLock() throws Exception {
    Path file =
        Files.writeString(folder.resolve("ekm.db"), "this is no database at all, really not");
    assertThatThrownBy(() -> SqliteMetadataStoreProvider.open(file))
        .isInstanceOf(StoreException.class)
        .hasMessageContaining("can't be opened");
    Files.delete(file);
    SqliteMetadataStoreProvider.open(file).close();
  }

  @Test
  void open_newFile_isForItsOwnerOnly() throws Exception {
    SqliteMetadataStoreProvider.open(folder.resolve("ekm.db")).close();
    assertThat(
            PosixFilePermissions.toString(Files.getPosixFilePermissions(folder.resolve("ekm.db"))))
        .isEqualTo("rw-------");
  }

  @Test
  void open_symbolicLinkToAFileInUse_isRefused() throws Exception {
    Path file = folder.resolve("ekm.db");
    try (MetadataStore first = SqliteMetadataStoreProvider.open(file)) {
      Path link = Files.createSymbolicLink(folder.resolve("link.db"), file);
      assertThatThrownBy(() -> SqliteMetadataStoreProvider.open(link))
          .isInstanceOf(StoreException.class)
          .hasMessageContaining("another server uses");
      assertThat(first.isExclusive()).isTrue();
    }
  }

  @Test
  void open_secondServerInThisProcessRefused_otherProcessesAreStillRefused() throws Exception {
    Path file = folder.resolve("ekm.db");
    try (MetadataStore first = SqliteMetadataStoreProvider.open(file)) {
      assertThat(OtherProcess.open(file)).contains("another server uses");
      assertThatThrownBy(() -> SqliteMetadataStoreProvider.open(file))
          .isInstanceOf(StoreException.class);
      assertThat(OtherProcess.open(file)).contains("another server uses");
      assertThat(first.revision()).isZero();
    }
    assertThat(OtherProcess.open(file)).contains(OtherProcess.OPENED);
  }

  @Test
  void open_lockFile_isForItsOwnerOnly() throws Exception {
    SqliteMetadataStoreProvider.open(folder.resolve("ekm.db")).close();
    assertThat(Files.getPosixFilePermissions(folder.resolve("ekm.db.lock")))
        .isEqualTo(PosixFilePermissions.fromString("rw-------"));
  }

  @Test
  void open_everyConnection_writesAheadAndSynchronizesEachCommit() throws Exception {
    Path file = folder.resolve("ekm.db");
    SqliteMetadataStoreProvider.open(file).close();
    assertThat(pragma(file, "journal_mode")).isEqualTo("wal");
    assertThat(pragma(file, "synchronous")).as("2 is FULL").isEqualTo("2");
  }

  @Test
  void open_tablesOfANewerServer_areRefused() throws Exception {
    Path file = folder.resolve("ekm.db");
    SqliteMetadataStoreProvider.open(file).close();
    execute(
        file,
        "INSERT INTO flyway_schema_history VALUES"
            + " (99, '99', 'later', 'SQL', 'V99__later.sql', 1, 'somebody', '2030-01-01 00:00:00.000', 1, 1)");
    assertThatThrownBy(() -> SqliteMetadataStoreProvider.open(file))
        .isInstanceOf(StoreException.class)
        .hasMessageContaining("99");
  }

  @Test
  void open_tablesOfTheFirstVersion_areExtendedAndKeepWhatIsInThem() throws Exception {
    Path file = folder.resolve("ekm.db");
    Flyway.configure(SqliteMetadataStoreProvider.class.getClassLoader())
        .dataSource(SqliteMetadataStoreProvider.dataSource(file))
        .locations("classpath:org/openekm/server/store/migration")
        .target("1")
        .load()
        .migrate();
    UUID id = new UUID(1, 1);
    execute(
        file,
        "INSERT INTO vault VALUES ('%s', 'v', '%s', '%s', 'c', '[]', '[]', 'h', 443, '', 'b', NULL, 0, 1, '%s')"
            .formatted(id, id, id, Instant.EPOCH));
    execute(
        file,
        "INSERT INTO external_key VALUES ('%s', '%s', 'k', 32, 'ACTIVE', 0, '%s', NULL, NULL, '%s')"
            .formatted(id, id, id, Instant.EPOCH));
    try (MetadataStore store = SqliteMetadataStoreProvider.open(file)) {
      MetadataSnapshot snapshot = store.load();
      assertThat(snapshot.vaults().get(0).name()).isEqualTo("v");
      assertThat(snapshot.vaults().get(0).attributes()).isEqualTo(VaultRecord.Attributes.none());
      assertThat(snapshot.keys().get(0).name()).isEqualTo("k");
      assertThat(snapshot.keys().get(0).attributes()).isEqualTo(KeyRecord.Attributes.none());
    }
  }

  @Test
  void load_damagedRow_failsAsAStoreDoes() throws Exception {
    Path file = folder.resolve("ekm.db");
    SqliteMetadataStoreProvider.open(file).close();
    execute(
        file,
        "INSERT INTO tenancy (id, name, ocid, created_at) VALUES ('no id', 'a', 'ocid', '2026-01-01T00:00:00Z')");
    try (MetadataStore store = SqliteMetadataStoreProvider.open(file)) {
      assertThatThrownBy(store::load)
          .isInstanceOf(StoreException.class)
          .hasMessageContaining("can't be read");
      assertThat(store.revision()).isZero();
    }
  }

  @Test
  void revisionRowLost_everyCallFailsAsAStoreDoesAndCheckSaysSo() throws Exception {
    Path file = folder.resolve("ekm.db");
    SqliteMetadataStoreProvider.open(file).close();
    execute(file, "DELETE FROM revision");
    try (MetadataStore store = SqliteMetadataStoreProvider.open(file)) {
      List<MetadataChange> changes = List.of(tenancy(1));
      assertThatThrownBy(store::revision).isInstanceOf(StoreException.class);
      assertThatThrownBy(store::load).isInstanceOf(StoreException.class);
      assertThatThrownBy(() -> store.commit(0, changes)).isInstanceOf(StoreException.class);
      assertThat(store.check().healthy()).isFalse();
    }
  }

  @Test
  void commit_diskFull_failsAsAStoreDoesAndLeavesTheRevisionBeforeWhole() throws Exception {
    Path file = folder.resolve("ekm.db");
    SqliteMetadataStoreProvider.open(file).close();
    HikariDataSource pool =
        Pools.open(
            "small", SqliteMetadataStoreProvider.dataSource(file), 1, Duration.ofSeconds(10));
    MetadataStore store = new JdbcMetadataStore(pool, pool, new Database.Sqlite());
    try (store) {
      store.commit(0, List.of(tenancy(1)));
      try (Connection connection = pool.getConnection();
          Statement statement = connection.createStatement()) {
        // No page may be added any more, as on a full disk.
        statement.execute("PRAGMA max_page_count = 1");
      }
      MetadataSnapshot before = store.load();
      List<MetadataChange> many = new ArrayList<>();
      for (int i = 0; i < 500; i++) {
        many.add(tenancy(i));
      }
      assertThatThrownBy(() -> store.commit(1, many))
          .isInstanceOf(StoreException.class)
          .hasMessageContaining("can't be written");
      assertThat(store.load()).isEqualTo(before);
    }
    try (MetadataStore reopened = SqliteMetadataStoreProvider.open(file)) {
      assertThat(reopened.revision()).isEqualTo(1);
    }
  }

  private static MetadataChange tenancy(int n) {
    return new MetadataChange.PutTenancy(
        new TenancyRecord(
            new TenancyId(new UUID(5, n)), "tenancy-" + n, "ocid1.tenancy.oc1..a", Instant.EPOCH));
  }

  private static String pragma(Path file, String name) throws Exception {
    try (Connection connection = SqliteMetadataStoreProvider.dataSource(file).getConnection();
        Statement statement = connection.createStatement();
        ResultSet answer = statement.executeQuery("PRAGMA " + name)) {
      return answer.getString(1);
    }
  }

  private static void execute(Path file, String sql) throws Exception {
    try (Connection connection = SqliteMetadataStoreProvider.dataSource(file).getConnection();
        Statement statement = connection.createStatement()) {
      statement.execute(sql);
    }
  }

  private static MetadataStore create(Map<String, String> settings) {
    return new SqliteMetadataStoreProvider()
        .create(
            new ComponentContext(
                "store",
                Settings.of(settings),
                new TestSecrets(),
                InstantSource.system(),
                NanoClock.system(),
                new SecureRandom(),
                Runnable::run));
  }
}
