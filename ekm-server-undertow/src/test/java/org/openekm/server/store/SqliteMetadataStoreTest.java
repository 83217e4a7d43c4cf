// SPDX-License-Identifier: Apache-2.0
package org.openekm.server.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.SecureRandom;
import java.time.InstantSource;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.openekm.api.NanoClock;
import org.openekm.spi.ComponentContext;
import org.openekm.spi.InvalidConfigurationException;
import org.openekm.spi.Settings;
import org.openekm.spi.store.MetadataStore;
import org.openekm.spi.store.StoreException;
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
