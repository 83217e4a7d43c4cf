// SPDX-License-Identifier: Apache-2.0
package org.openekm.hsm.kmip.internal.cli;

import picocli.CommandLine.Command;

/** What stands above the commands for key managers. */
@Command(
    name = "kmip",
    mixinStandardHelpOptions = true,
    synopsisSubcommandLabel = "COMMAND",
    description = "Looks at key managers that speak KMIP.",
    subcommands = {ProbeCommand.class})
final class KmipCommand {}
