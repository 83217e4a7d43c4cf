// SPDX-License-Identifier: Apache-2.0
package org.openekm.server.cli;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Identity domains whose tokens are believed. */
@Command(
    name = "issuer",
    mixinStandardHelpOptions = true,
    description = "Identity domains whose tokens are believed.",
    footer = {
      "",
      "Example, signing keys protected as OCI has it by default:",
      "  ekm issuer add my-domain --discovery-url https://idcs-x.identity.oraclecloud.com/.well-known/openid-configuration \\",
      "      --client-id RESOURCE_APP_ID --client-secret '${file:/etc/ekm/resource-app-secret}'"
    })
final class IssuerCommands {

  @Command(name = "add", mixinStandardHelpOptions = true, description = "Adds an identity domain.")
  int add(
      @Mixin AdminConnection server,
      @Mixin IssuerOptions options,
      @Parameters(paramLabel = "NAME", description = "Your name for it.") String name) {
    return server.run("POST", "/issuers", options.body(name));
  }

  /** What an identity domain is made of. */
  static final class IssuerOptions {

    @Option(
        names = "--discovery-url",
        paramLabel = "URL",
        description = "Where its OpenID configuration is; repeat for replicated regions.")
    List<String> discoveryUrls = List.of();

    @Option(
        names = "--jwks-url",
        paramLabel = "URL",
        description =
            "Where its signing keys are, if there is no discovery; repeat for replicated regions.")
    List<String> jwksUrls = List.of();

    @Option(
        names = "--accept-issuer",
        paramLabel = "ISS",
        description = "A further value of the claim iss to believe.")
    List<String> acceptedIssuers = List.of();

    @Option(
        names = "--client-id",
        paramLabel = "ID",
        description = "The resource application's client id, if the signing keys are protected.")
    @Nullable String clientId;

    @Option(
        names = "--client-secret",
        paramLabel = "REF",
        description =
            "Where its secret is: '${file:PATH}' or '${env:NAME}', as the server sees it.")
    @Nullable String clientSecret;

    @Option(
        names = "--token-url",
        paramLabel = "URL",
        description = "Where the resource application gets its token, if there is no discovery.")
    @Nullable String tokenUrl;

    Map<String, Object> body(String name) {
      Map<String, Object> body = new LinkedHashMap<>();
      body.put("name", name);
      body.put("discoveryUrls", discoveryUrls);
      body.put("jwksUrls", jwksUrls);
      body.put("acceptedIssuers", acceptedIssuers);
      Bodies.putIfGiven(body, "clientId", clientId);
      Bodies.putIfGiven(body, "clientSecret", clientSecret);
      Bodies.putIfGiven(body, "tokenUrl", tokenUrl);
      return body;
    }
  }

  @Command(
      name = "list",
      mixinStandardHelpOptions = true,
      description = "Lists all identity domains.")
  int list(
      @Mixin AdminConnection server,
      @Option(
              names = "--name-prefix",
              paramLabel = "TEXT",
              description = "Only those whose name begins with this.")
          @Nullable String namePrefix) {
    return server.list("/issuers", Bodies.query("namePrefix", namePrefix));
  }

  @Command(
      name = "show",
      mixinStandardHelpOptions = true,
      description = "Shows one identity domain.")
  int show(@Mixin AdminConnection server, @Parameters(paramLabel = "NAME|ID") String issuer) {
    return server.run("GET", "/issuers/" + Bodies.segment(issuer), null);
  }

  @Command(
      name = "remove",
      mixinStandardHelpOptions = true,
      description = "Removes an identity domain that no vault uses.")
  int remove(@Mixin AdminConnection server, @Parameters(paramLabel = "NAME|ID") String issuer) {
    return server.run("DELETE", "/issuers/" + Bodies.segment(issuer), null);
  }
}
