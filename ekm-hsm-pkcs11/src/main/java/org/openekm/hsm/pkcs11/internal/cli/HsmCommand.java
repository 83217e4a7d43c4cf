// SPDX-License-Identifier: Apache-2.0
package org.openekm.hsm.pkcs11.internal.cli;

import picocli.CommandLine.Command;

/** What stands above the commands for tokens. */
@Command(
    name = "hsm",
    mixinStandardHelpOptions = true,
    synopsisSubcommandLabel = "COMMAND",
    description = "Looks at PKCS#11 libraries and their tokens, and makes keys in them.",
    subcommands = {ProbeCommand.class, ListCommand.class, KeygenCommand.class})
final class HsmCommand {}
