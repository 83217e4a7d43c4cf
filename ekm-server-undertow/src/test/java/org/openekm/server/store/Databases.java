// SPDX-License-Identifier: Apache-2.0
package org.openekm.server.store;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.util.Optional;
import org.openekm.spi.SecretUnavailableException;
import org.openekm.testkit.postgres.PostgresServer;

/** One PostgreSQL server for all tests of a run that don't harm it, with a database for each. */
final class Databases {

  private Databases() {}

  private static final class Shared {

    static final PostgresServer SERVER = start();

    private Shared() {}

    private static PostgresServer start() {
      try {
        PostgresServer server = PostgresServer.start(Files.createTempDirectory("ekm-postgres"));
        Runtime.getRuntime().addShutdownHook(new Thread(server::close));
        return server;
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }
  }

  /** Makes an empty database and returns its URL. */
  static String fresh() {
    return Shared.SERVER.url(Shared.SERVER.newDatabase());
  }

  /** Returns a source of connections as the superuser. */
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
