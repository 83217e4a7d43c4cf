// SPDX-License-Identifier: Apache-2.0
package org.openekm.server.store;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import org.openekm.spi.store.StoreException;

/** Opens a database in a process of its own and tells how that went. */
final class OtherProcess {

  static final String OPENED = "opened and closed";

  private OtherProcess() {}

  /** Returns all that the other process printed. */
  static String open(Path file) throws Exception {
    Process process =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:TieredStopAtLevel=1",
                "-Xmx128m",
                "-cp",
                System.getProperty(
                    "surefire.test.class.path", System.getProperty("java.class.path")),
                OtherProcess.class.getName(),
                file.toString())
            .redirectErrorStream(true)
            .start();
    String printed = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    if (!process.waitFor(60, TimeUnit.SECONDS)) {
      process.destroyForcibly();
      throw new AssertionError("the other process does not end");
    }
    return printed;
  }

  /** Runs in the other process. */
  public static void main(String[] arguments) {
    try {
      SqliteMetadataStoreProvider.open(Path.of(arguments[0])).close();
      System.out.println(OPENED);
    } catch (StoreException e) {
      System.out.println(e.getMessage());
    }
  }
}
