// SPDX-License-Identifier: Apache-2.0
package org.openekm.server.cli;

import picocli.CommandLine.Command;
import picocli.CommandLine.HelpCommand;

/** What stands above all commands. */
@Command(
    name = "ekm",
    mixinStandardHelpOptions = true,
    versionProvider = ProductVersion.class,
    synopsisSubcommandLabel = "COMMAND",
    description = {
      "OpenEKM: the customer's side of \"hold your own key\" for Oracle Cloud.",
      "",
      "Exit code: 0 it worked, 1 it failed, 2 the command was wrong."
    },
    subcommands = {
      InitCommand.class,
      ServeCommand.class,
      IssuerCommands.class,
      TenancyCommands.class,
      VaultCommands.class,
      KeyCommands.class,
      AdminCommands.class,
      ApproveCommands.class,
      StoreCommands.class,
      ApplyCommand.class,
      ExportCommand.class,
      StatusCommand.class,
      DoctorCommand.class,
      OciCommands.class,
      AuditCommands.class,
      CompletionCommand.class,
      HelpCommand.class
    },
    footer = {
      "",
      "First steps:",
      "  ekm init ./my-ekm --host 10.0.0.5",
      "  ekm serve --config ./my-ekm/ekm.yaml",
      "  ekm vault list --config ./my-ekm/ekm.yaml"
    })
final class RootCommand {}
