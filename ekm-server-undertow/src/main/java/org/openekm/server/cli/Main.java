// SPDX-License-Identifier: Apache-2.0
package org.openekm.server.cli;

import org.openekm.spi.CommandProvider;
import org.openekm.spi.ComponentLoader;
import picocli.CommandLine;

/** The command line of the server. */
public final class Main {

  private Main() {}

  /** Runs a command and ends the process with its exit code. */
  public static void main(String[] arguments) {
    System.exit(run(arguments));
  }

  /** Runs a command and returns its exit code: 0, 1 or 2. */
  static int run(String... arguments) {
    return commandLine().execute(arguments);
  }

  static CommandLine commandLine() {
    CommandLine root = new CommandLine(new RootCommand());
    ComponentLoader.ofServiceLoader(Main.class.getClassLoader())
        .load(CommandProvider.class)
        .forEach(provider -> root.addSubcommand(provider.name(), provider.command()));
    return Examples.into(root)
        .setCaseInsensitiveEnumValuesAllowed(true)
        .setExecutionExceptionHandler(new FailureReport())
        .setUsageHelpWidth(100);
  }
}
