// SPDX-License-Identifier: Apache-2.0
package org.openekm.server.cli;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/** Administrators: who may do what. */
@Command(
    name = "admin",
    mixinStandardHelpOptions = true,
    description = {
      "Administrators: who may do what. A grant is a verb, alone for everything or with a vault: view, create, update,",
      "delete, rotate, block (with unblock) and block-only (never unblock), such as view or block@payments."
    },
    footer = {
      "",
      "Example:",
      "  ekm admin add kim --grant view --grant block@payments --out kim.credential",
      "  ekm key block payments/bucket-key --credential-file kim.credential",
      "  ekm key block payments/bucket-key --url https://ekm.example.com:8444 --client-cert kim.pem --client-key kim.key"
    })
final class AdminCommands {

  private static final String GRANT = "VERB[@VAULT]";
  private static final String WHO = "NAME|ID";

  @Command(
      name = "add",
      mixinStandardHelpOptions = true,
      description =
          "Adds an administrator and shows their new credential, this once. The server keeps only its hash.")
  int add(
      @Mixin AdminConnection server,
      @Mixin Proof proof,
      @Option(
              names = "--grant",
              paramLabel = GRANT,
              description = "What they may do; repeat for more. Default: nothing.")
          @Nullable List<String> grants,
      @Parameters(paramLabel = "NAME", description = "Your name for them; goes to the audit.")
          String name)
      throws IOException {
    Map<String, Object> body = proof.body();
    body.put("name", name);
    body.put("grants", grants == null ? List.of() : grants);
    return proof.show(server, server.call("POST", "/administrators", body));
  }

  /** How somebody will prove who they are, and where what they get goes. */
  static final class Proof {

    @Option(
        names = "--certificate",
        paramLabel = "FILE",
        description =
            "PEM file with their client certificate, instead of a credential. It is known by its public key.")
    @Nullable Path certificate;

    @Option(
        names = "--out",
        paramLabel = "FILE",
        description =
            "Writes the credential to a new file that only you can read, instead of showing it.")
    @Nullable Path out;

    Map<String, Object> body() {
      Map<String, Object> body = new LinkedHashMap<>();
      Bodies.putIfGiven(
          body, "certificate", certificate == null ? null : VaultCommands.text(certificate));
      return body;
    }

    int show(AdminConnection server, JsonNode answer) throws IOException {
      Path file = out;
      if (file != null && answer instanceof ObjectNode object && object.has("credential")) {
        String credential = object.remove("credential").asString() + "\n";
        PrivateFiles.secret(file, credential.getBytes(StandardCharsets.US_ASCII));
        object.put("credentialFile", file.toString());
      }
      server.print(answer);
      return 0;
    }
  }

  @Command(
      name = "list",
      mixinStandardHelpOptions = true,
      description = "Lists all administrators.")
  int list(
      @Mixin AdminConnection server,
      @Option(
              names = "--name-prefix",
              paramLabel = "TEXT",
              description = "Only those whose name begins with this.")
          @Nullable String namePrefix) {
    return server.list("/administrators", Bodies.query("namePrefix", namePrefix));
  }

  @Command(
      name = "show",
      mixinStandardHelpOptions = true,
      description = "Shows one administrator with grants and credentials, never a secret.")
  int show(@Mixin AdminConnection server, @Parameters(paramLabel = WHO) String who) {
    return server.run("GET", path(who, ""), null);
  }

  @Command(
      name = "grant",
      mixinStandardHelpOptions = true,
      description = "Grants more to an administrator. Nobody can grant what they don't have.")
  int grant(
      @Mixin AdminConnection server,
      @Parameters(index = "0", paramLabel = WHO) String who,
      @Parameters(index = "1..*", arity = "1..*", paramLabel = GRANT, description = "What.")
          List<String> grants) {
    return server.run("POST", path(who, "/grant"), Map.of("grants", grants));
  }

  @Command(
      name = "revoke",
      mixinStandardHelpOptions = true,
      description =
          "Takes grants away. Once this returns, nothing is done on their strength any more.")
  int revoke(
      @Mixin AdminConnection server,
      @Parameters(index = "0", paramLabel = WHO) String who,
      @Parameters(index = "1..*", arity = "1..*", paramLabel = GRANT, description = "What.")
          List<String> grants) {
    return server.run("POST", path(who, "/revoke"), Map.of("grants", grants));
  }

  @Command(
      name = "rotate",
      mixinStandardHelpOptions = true,
      description =
          "Gives an administrator a new credential. The old one works until the overlap is over.")
  int rotate(
      @Mixin AdminConnection server,
      @Mixin Proof proof,
      @Option(
              names = "--overlap",
              paramLabel = "TIME",
              defaultValue = "1h",
              description = "From 0s, which ends the old one at once, to 30d. Default: 1h.")
          String overlap,
      @Parameters(paramLabel = WHO) String who)
      throws IOException {
    Map<String, Object> body = proof.body();
    body.put("overlap", overlap);
    return proof.show(server, server.call("POST", path(who, "/rotate"), body));
  }

  @Command(
      name = "remove",
      mixinStandardHelpOptions = true,
      description =
          "Removes an administrator. Once this returns, no credential of theirs works any more.")
  int remove(@Mixin AdminConnection server, @Parameters(paramLabel = WHO) String who) {
    return server.run("DELETE", path(who, ""), null);
  }

  private static String path(String who, String rest) {
    return "/administrators/" + Bodies.segment(who) + rest;
  }
}
