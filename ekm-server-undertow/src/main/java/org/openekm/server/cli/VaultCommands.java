// SPDX-License-Identifier: Apache-2.0
package org.openekm.server.cli;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** External vaults: what OCI vaults see of this server. */
@Command(
    name = "vault",
    mixinStandardHelpOptions = true,
    description = "External vaults: what OCI vaults see of this server.",
    footer = {
      "",
      "Example:",
      "  ekm vault add payments --tenancy acme --issuer my-domain --client-id CLIENT_APP_ID --host 10.0.0.5",
      "  ekm vault block payments"
    })
final class VaultCommands {

  enum Switch {
    on,
    off
  }

  @Command(
      name = "add",
      mixinStandardHelpOptions = true,
      description = "Adds a vault and prints the external vault URL to paste into OCI.")
  int add(
      @Mixin AdminConnection server,
      @Mixin VaultOptions options,
      @Parameters(paramLabel = "NAME", description = "Your name for it.") String name) {
    return server.run("POST", "/vaults", options.body(name));
  }

  /** What a vault is made of. */
  static final class VaultOptions {

    @Option(
        names = "--tenancy",
        required = true,
        paramLabel = "NAME|ID",
        description = "The OCI tenancy.")
    String tenancy = "";

    @Option(
        names = "--issuer",
        required = true,
        paramLabel = "NAME|ID",
        description = "The identity domain that OCI's tokens come from.")
    String issuer = "";

    @Option(
        names = "--client-id",
        required = true,
        paramLabel = "ID",
        description = "The client application that OCI uses for this vault.")
    String clientId = "";

    @Option(
        names = "--host",
        paramLabel = "HOST",
        description =
            "The address by which OCI reaches this server or the API gateway before it. Default: that of endpoint.url.")
    @Nullable String host;

    @Option(
        names = "--port",
        paramLabel = "PORT",
        description =
            "The port. Default: that of endpoint.url if the host is its host too, else 443.")
    @Nullable Integer port;

    @Option(
        names = "--path",
        paramLabel = "PATH",
        description = "The path prefix, one of the server's mounts. Default: /ekm/v1.")
    @Nullable String path;

    @Option(
        names = "--backend",
        paramLabel = "NAME",
        description = "The backend that makes this vault's keys. Default: the only one.")
    @Nullable String backend;

    @Option(
        names = "--policy",
        paramLabel = "FILE",
        description = "The policy. Default: the client may do everything.")
    @Nullable Path policy;

    @Option(
        names = "--audience",
        paramLabel = "AUD",
        description =
            "An accepted audience of tokens; repeat for more. Default: the origin of the vault URL.")
    List<String> audiences = List.of();

    @Option(
        names = "--scope",
        paramLabel = "SCOPE",
        description = "An accepted scope of tokens; repeat for more. Default: oci_ekms.")
    List<String> scopes = List.of();

    @Option(
        names = "--no-success-audit",
        description = "Keeps successful calls out of the audit; refusals are always in it.")
    boolean noSuccessAudit;

    @Option(
        names = "--label",
        paramLabel = "NAME=VALUE",
        description = "A label of your own; repeat for more, up to 32.")
    Map<String, String> labels = Map.of();

    @Option(
        names = "--lock-backend",
        description = "Locks the vault to its backend for good: its keys are never made elsewhere.")
    boolean lockBackend;

    Map<String, Object> body(String name) {
      Map<String, Object> body = new LinkedHashMap<>();
      body.put("name", name);
      body.put("tenancy", tenancy);
      body.put("issuer", issuer);
      body.put("clientId", clientId);
      body.put("audiences", audiences);
      body.put("scopes", scopes);
      body.put("auditSuccess", !noSuccessAudit);
      body.put("labels", labels);
      body.put("backendLocked", lockBackend);
      Bodies.putIfGiven(body, "host", host);
      Bodies.putIfGiven(body, "port", port);
      Bodies.putIfGiven(body, "path", path);
      Bodies.putIfGiven(body, "backend", backend);
      Bodies.putIfGiven(body, "policy", policy == null ? null : text(policy));
      return body;
    }
  }

  @Command(name = "list", mixinStandardHelpOptions = true, description = "Lists all vaults.")
  int list(
      @Mixin AdminConnection server,
      @Option(
              names = "--name-prefix",
              paramLabel = "TEXT",
              description = "Only those whose name begins with this.")
          @Nullable String namePrefix,
      @Option(
              names = "--blocked",
              paramLabel = "true|false",
              description = "Only those that are blocked, or only those that are not.")
          @Nullable Boolean blocked,
      @Option(
              names = "--label",
              paramLabel = "NAME=VALUE",
              description = "Only vaults with this label; repeat to ask for several at once.")
          @Nullable Map<String, String> labels) {
    return server.list(
        "/vaults",
        Bodies.query("namePrefix", namePrefix, "blocked", blocked, "label", Bodies.labels(labels)));
  }

  @Command(name = "show", mixinStandardHelpOptions = true, description = "Shows one vault.")
  int show(@Mixin AdminConnection server, @Parameters(paramLabel = "NAME|ID") String vault) {
    return server.run("GET", path(vault, ""), null);
  }

  @Command(
      name = "block",
      mixinStandardHelpOptions = true,
      description =
          "Refuses every call for the vault from now on. Once this returns, nothing is served any more.")
  int block(@Mixin AdminConnection server, @Parameters(paramLabel = "NAME|ID") String vault) {
    return server.run("POST", path(vault, "/block"), Map.of());
  }

  @Command(
      name = "unblock",
      mixinStandardHelpOptions = true,
      description = "Serves the vault again.")
  int unblock(
      @Mixin AdminConnection server,
      @Mixin ApprovalOptions approvals,
      @Parameters(paramLabel = "NAME|ID") String vault) {
    return server.run("POST", path(vault, "/unblock"), approvals.body());
  }

  @Command(
      name = "set-policy",
      mixinStandardHelpOptions = true,
      description = "Replaces the vault's policy.")
  int setPolicy(
      @Mixin AdminConnection server,
      @Parameters(index = "0", paramLabel = "NAME|ID") String vault,
      @Parameters(index = "1", paramLabel = "FILE", description = "The policy.") Path policy) {
    return server.run("PUT", path(vault, "/policy"), Map.of("policy", text(policy)));
  }

  @Command(
      name = "set-labels",
      mixinStandardHelpOptions = true,
      description = "Replaces all labels of a vault; none given takes them away.")
  int setLabels(
      @Mixin AdminConnection server,
      @Parameters(index = "0", paramLabel = "NAME|ID") String vault,
      @Parameters(index = "1..*", arity = "0..*", paramLabel = "NAME=VALUE")
          @Nullable Map<String, String> labels) {
    return server.run(
        "PUT", path(vault, "/labels"), Map.of("labels", labels == null ? Map.of() : labels));
  }

  @Command(
      name = "audit-success",
      mixinStandardHelpOptions = true,
      description =
          "Puts successful calls of a vault into the audit, or leaves them out; refusals are always in it.")
  int auditSuccess(
      @Mixin AdminConnection server,
      @Parameters(index = "0", paramLabel = "NAME|ID") String vault,
      @Parameters(index = "1", paramLabel = "on|off") Switch state) {
    return server.run(
        "PUT", path(vault, "/audit-success"), Map.of("auditSuccess", state == Switch.on));
  }

  @Command(
      name = "set-backend",
      mixinStandardHelpOptions = true,
      description =
          "Has new keys and versions of a vault made in another backend. What is there stays where it is.")
  int setBackend(
      @Mixin AdminConnection server,
      @Parameters(index = "0", paramLabel = "NAME|ID") String vault,
      @Parameters(index = "1", paramLabel = "BACKEND") String backend) {
    return server.run("PUT", path(vault, "/backend"), Map.of("backend", backend));
  }

  @Command(
      name = "lock-backend",
      mixinStandardHelpOptions = true,
      description =
          "Locks a vault to its present backend: its keys are never made elsewhere. Can't be undone.")
  int lockBackend(@Mixin AdminConnection server, @Parameters(paramLabel = "NAME|ID") String vault) {
    return server.run("POST", path(vault, "/lock-backend"), Map.of());
  }

  @Command(
      name = "set-dead-man",
      mixinStandardHelpOptions = true,
      description =
          "Blocks a vault by itself unless a heartbeat comes in time, from now on. Unblocking counts as one.")
  int setDeadMan(
      @Mixin AdminConnection server,
      @Parameters(index = "0", paramLabel = "NAME|ID") String vault,
      @Parameters(
              index = "1",
              paramLabel = "PERIOD",
              description =
                  "How long the vault serves after a heartbeat, such as 36h; 1m to 366d. Send them at least twice as"
                      + " often.")
          String period) {
    return server.run("PUT", path(vault, "/dead-man"), Map.of("period", period));
  }

  @Command(
      name = "clear-dead-man",
      mixinStandardHelpOptions = true,
      description = "Lets a vault serve whether heartbeats come or not. A block stays.")
  int clearDeadMan(
      @Mixin AdminConnection server, @Parameters(paramLabel = "NAME|ID") String vault) {
    return server.run("DELETE", path(vault, "/dead-man"), null);
  }

  @Command(
      name = "heartbeat",
      mixinStandardHelpOptions = true,
      description = "Gives the sign of life that a vault with a dead-man switch waits for.")
  int heartbeat(@Mixin AdminConnection server, @Parameters(paramLabel = "NAME|ID") String vault) {
    return server.run("POST", path(vault, "/heartbeat"), Map.of());
  }

  @Command(
      name = "remove",
      mixinStandardHelpOptions = true,
      description = "Removes a vault without keys.")
  int remove(
      @Mixin AdminConnection server,
      @Option(
              names = "--force",
              description = "Does it although OCI has used the vault (it is linked).")
          boolean force,
      @Parameters(paramLabel = "NAME|ID") String vault) {
    return server.run("DELETE", path(vault, "") + Bodies.forceQuery(force), null);
  }

  static String text(Path file) {
    try {
      return Files.readString(file);
    } catch (IOException e) {
      throw new CommandFailedException(file + " can't be read: " + e.getMessage(), e);
    }
  }

  private static String path(String vault, String rest) {
    return "/vaults/" + Bodies.segment(vault) + rest;
  }
}
