// SPDX-License-Identifier: Apache-2.0
package org.openekm.server.cli;

import java.util.Map;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** OCI tenancies that own vaults. */
@Command(
    name = "tenancy",
    mixinStandardHelpOptions = true,
    description = "OCI tenancies that own vaults.",
    footer = {"", "Example:", "  ekm tenancy add acme --ocid ocid1.tenancy.oc1..aaaaexample"})
final class TenancyCommands {

  @Command(name = "add", mixinStandardHelpOptions = true, description = "Adds a tenancy.")
  int add(
      @Mixin AdminConnection server,
      @Parameters(paramLabel = "NAME", description = "Your name for it.") String name,
      @Option(names = "--ocid", required = true, paramLabel = "OCID", description = "Its OCID.")
          String ocid) {
    return server.run("POST", "/tenancies", Map.of("name", name, "ocid", ocid));
  }

  @Command(name = "list", mixinStandardHelpOptions = true, description = "Lists all tenancies.")
  int list(
      @Mixin AdminConnection server,
      @Option(
              names = "--name-prefix",
              paramLabel = "TEXT",
              description = "Only those whose name begins with this.")
          @Nullable String namePrefix) {
    return server.list("/tenancies", Bodies.query("namePrefix", namePrefix));
  }

  @Command(name = "show", mixinStandardHelpOptions = true, description = "Shows one tenancy.")
  int show(@Mixin AdminConnection server, @Parameters(paramLabel = "NAME|ID") String tenancy) {
    return server.run("GET", "/tenancies/" + Bodies.segment(tenancy), null);
  }

  @Command(
      name = "remove",
      mixinStandardHelpOptions = true,
      description = "Removes a tenancy that has no vaults.")
  int remove(@Mixin AdminConnection server, @Parameters(paramLabel = "NAME|ID") String tenancy) {
    return server.run("DELETE", "/tenancies/" + Bodies.segment(tenancy), null);
  }
}
