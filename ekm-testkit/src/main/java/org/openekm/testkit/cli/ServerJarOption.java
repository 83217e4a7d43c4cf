// SPDX-License-Identifier: Apache-2.0
package org.openekm.testkit.cli;

import java.nio.file.Files;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;

/** Where the server to start is. */
final class ServerJarOption {

  /** Set by the launcher. */
  static final String PROPERTY = "ekm.server.jar";

  @Option(
      names = "--server-jar",
      paramLabel = "FILE",
      description = "The server's runnable jar. The launcher knows it.")
  private @Nullable Path serverJar;

  /** Returns the jar; wrong usage if there is none. */
  Path require(CommandSpec command) {
    String named = System.getProperty(PROPERTY, "");
    Path jar = serverJar != null ? serverJar : Path.of(named);
    if (jar.toString().isEmpty() || !Files.isRegularFile(jar)) {
      throw new ParameterException(
          command.commandLine(),
          "there is no server to start; run this as ./ekm "
              + command.name()
              + ", or name the server's runnable jar by --server-jar");
    }
    return jar.toAbsolutePath();
  }
}
