// SPDX-License-Identifier: Apache-2.0
package org.openekm.testkit.cli;

import picocli.CommandLine.Command;
import picocli.CommandLine.HelpCommand;

/** The command line of the test kit. */
@Command(
    name = "ekm",
    mixinStandardHelpOptions = true,
    synopsisSubcommandLabel = "COMMAND",
    description = {
      "OpenEKM's test kit: plays Oracle Cloud against a key manager.",
      "",
      "Exit code: 0 it worked, 1 it failed, 2 the command was wrong."
    },
    subcommands = {
      DemoCommand.class,
      ConformanceCommand.class,
      LoadCommand.class,
      DrillCommand.class,
      IdentityDomainCommand.class,
      HelpCommand.class
    },
    footer = {
      "",
      "Example:",
      "  ekm demo",
      "  ekm conformance --demo",
      "  ekm load --demo",
      "  ekm drill"
    })
final class KitCommand {}
