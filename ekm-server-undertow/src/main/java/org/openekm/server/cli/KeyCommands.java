// SPDX-License-Identifier: Apache-2.0
package org.openekm.server.cli;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.openekm.api.KeyState;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import tools.jackson.databind.JsonNode;

/** External keys. A key is named by its id or as VAULT/NAME. */
@Command(
    name = "key",
    mixinStandardHelpOptions = true,
    description = "External keys. A key is named by its External Key ID or as VAULT/NAME.",
    footer = {
      "",
      "Example:",
      "  ekm key create bucket-key --vault payments",
      "  ekm key block payments/bucket-key"
    })
final class KeyCommands {

  private static final String VERSION = "ID|NUMBER";
  private static final String KEY = "ID|VAULT/NAME";
  private static final long MOST_MATERIAL = 4096;

  @Command(
      name = "create",
      mixinStandardHelpOptions = true,
      description =
          "Makes a key in the vault's backend and prints the External Key ID to paste into OCI.")
  int create(
      @Mixin AdminConnection server,
      @Mixin NewKeyOptions options,
      @Parameters(paramLabel = "NAME", description = "Your name for it.") String name) {
    return server.run("POST", options.path(), options.body(name));
  }

  @Command(
      name = "import",
      mixinStandardHelpOptions = true,
      description = "Makes a key from material of your own.")
  int importKey(
      @Mixin AdminConnection server,
      @Mixin NewKeyOptions options,
      @Mixin MaterialOptions material,
      @Parameters(paramLabel = "NAME", description = "Your name for it.") String name) {
    Map<String, Object> body = options.body(name);
    if (!material.putInto(body, server)) {
      throw server.wrong("name the file with the key by --from or --wrapped");
    }
    return server.run("POST", options.path(), body);
  }

  @Command(
      name = "import-key",
      mixinStandardHelpOptions = true,
      description =
          "Writes the public key to wrap key material for. It belongs to the running server and ends with it.")
  int importPublicKey(
      @Mixin AdminConnection server,
      @Parameters(paramLabel = "FILE", description = "Where to write it, in PEM.") Path file) {
    JsonNode answer = server.call("GET", "/import-key", null);
    try {
      Files.writeString(file, answer.path("publicKey").asString());
    } catch (IOException e) {
      throw new CommandFailedException(file + " can't be written: " + e.getMessage(), e);
    }
    server.print(answer);
    return 0;
  }

  @Command(
      name = "adopt",
      mixinStandardHelpOptions = true,
      description = "Takes up a key that is in the backend already.")
  int adopt(
      @Mixin AdminConnection server,
      @Mixin NewKeyOptions options,
      @Option(
              names = "--ref",
              required = true,
              paramLabel = "REF",
              description = "The key's name in the backend.")
          String ref,
      @Parameters(paramLabel = "NAME", description = "Your name for it.") String name) {
    Map<String, Object> body = options.body(name);
    body.put("backendRef", ref);
    return server.run("POST", options.path(), body);
  }

  /** Where key material comes from. */
  static final class MaterialOptions {

    @Option(
        names = "--from",
        paramLabel = "FILE",
        description = "The raw key, 16, 24 or 32 bytes. Delete the file safely afterwards.")
    @Nullable Path raw;

    @Option(
        names = "--wrapped",
        paramLabel = "FILE",
        description = "The key, wrapped as --wrapping says.")
    @Nullable Path wrapped;

    @Option(
        names = "--wrapping",
        paramLabel = "HOW",
        defaultValue = "rsa-aes-256",
        description =
            "How it is wrapped: rsa-aes-256 for the key that ekm key import-key gives, or aes-kwp under a pre-active key in "
                + "the vault's backend. Default: rsa-aes-256.")
    String wrapping = "rsa-aes-256";

    @Option(
        names = "--wrapping-key",
        paramLabel = KEY,
        description = "With aes-kwp: the key that it is wrapped under.")
    @Nullable String wrappingKey;

    /** Returns false if no file was named. */
    boolean putInto(Map<String, Object> body, AdminConnection server) {
      if (raw != null && wrapped != null) {
        throw server.wrong("--from and --wrapped don't go together");
      }
      if (raw != null) {
        body.put("material", material(raw));
      }
      if (wrapped != null) {
        body.put("wrappedMaterial", material(wrapped));
        body.put("wrapping", wrapping);
        Bodies.putIfGiven(body, "wrappingKey", wrappingKey);
      }
      return raw != null || wrapped != null;
    }
  }

  /** What a new key is made of. */
  static final class NewKeyOptions {

    @Option(names = "--vault", required = true, paramLabel = "NAME|ID", description = "The vault.")
    String vault = "";

    @Option(
        names = "--length",
        paramLabel = "BYTES",
        description = "16, 24 or 32 bytes. Default: 32; OCI's documents name AES-256 only.")
    int length = 32;

    @Option(
        names = "--policy",
        paramLabel = "FILE",
        description = "A policy of the key's own, beside the vault's. Default: none.")
    @Nullable Path policy;

    @Option(
        names = "--pre-active",
        description = "Leaves the key out of use until ekm key activate. Default: in use at once.")
    boolean preActive;

    @Option(
        names = "--label",
        paramLabel = "NAME=VALUE",
        description = "A label of your own; repeat for more, up to 32.")
    Map<String, String> labels = Map.of();

    @Option(
        names = "--rotate-every",
        paramLabel = "TIME",
        description =
            "Has the server make a new version whenever the current one is this old, such as 90d; 1h at least. "
                + "Default: only you rotate.")
    @Nullable String rotateEvery;

    String path() {
      return "/vaults/" + Bodies.segment(vault) + "/keys";
    }

    Map<String, Object> body(String name) {
      Map<String, Object> body = new LinkedHashMap<>();
      body.put("name", name);
      body.put("lengthBytes", length);
      body.put("active", !preActive);
      body.put("labels", labels);
      Bodies.putIfGiven(body, "rotationPeriod", rotateEvery);
      Bodies.putIfGiven(body, "policy", policy == null ? null : VaultCommands.text(policy));
      return body;
    }
  }

  /** Which keys a list shows. */
  static final class Filters {

    @Option(
        names = "--name-prefix",
        paramLabel = "TEXT",
        description = "Only those whose name begins with this.")
    @Nullable String namePrefix;

    @Option(
        names = "--state",
        paramLabel = "STATE",
        description = "Only those in this state, such as ACTIVE.")
    @Nullable KeyState state;

    @Option(
        names = "--blocked",
        paramLabel = "true|false",
        description = "Only those that are blocked, or only those that are not.")
    @Nullable Boolean blocked;

    @Option(
        names = "--label",
        paramLabel = "NAME=VALUE",
        description = "Only keys with this label; repeat to ask for several at once.")
    @Nullable Map<String, String> labels;

    Map<String, Object> query() {
      return Bodies.query(
          "namePrefix",
          namePrefix,
          "state",
          state,
          "blocked",
          blocked,
          "label",
          Bodies.labels(labels));
    }
  }

  @Command(
      name = "list",
      mixinStandardHelpOptions = true,
      description = "Lists the keys of a vault.")
  int list(
      @Mixin AdminConnection server,
      @Mixin Filters filters,
      @Option(names = "--vault", required = true, paramLabel = "NAME|ID") String vault) {
    return server.list("/vaults/" + Bodies.segment(vault) + "/keys", filters.query());
  }

  @Command(name = "show", mixinStandardHelpOptions = true, description = "Shows one key.")
  int show(@Mixin AdminConnection server, @Parameters(paramLabel = KEY) String key) {
    return server.run("GET", path(key, ""), null);
  }

  @Command(
      name = "versions",
      mixinStandardHelpOptions = true,
      description = "Lists the versions of a key.")
  int versions(
      @Mixin AdminConnection server,
      @Option(
              names = "--state",
              paramLabel = "STATE",
              description = "Only those in this state, such as ACTIVE.")
          @Nullable KeyState state,
      @Parameters(paramLabel = KEY) String key) {
    return server.list(path(key, "/versions"), Bodies.query("state", state));
  }

  @Command(
      name = "show-version",
      mixinStandardHelpOptions = true,
      description = "Shows one version of a key.")
  int showVersion(
      @Mixin AdminConnection server,
      @Parameters(index = "0", paramLabel = KEY) String key,
      @Parameters(index = "1", paramLabel = VERSION) String version) {
    return server.run("GET", path(key, "/versions/" + Bodies.segment(version)), null);
  }

  @Command(
      name = "disable-version",
      mixinStandardHelpOptions = true,
      description =
          "Takes one version out of use: nothing is encrypted or decrypted by it once this returns. "
              + "If it is the current one, nothing is encrypted until ekm key rotate.")
  int disableVersion(
      @Mixin AdminConnection server,
      @Parameters(index = "0", paramLabel = KEY) String key,
      @Parameters(index = "1", paramLabel = VERSION) String version) {
    return server.run(
        "POST", path(key, "/versions/" + Bodies.segment(version) + "/disable"), Map.of());
  }

  @Command(
      name = "enable-version",
      mixinStandardHelpOptions = true,
      description = "Puts a disabled version into use again.")
  int enableVersion(
      @Mixin AdminConnection server,
      @Parameters(index = "0", paramLabel = KEY) String key,
      @Parameters(index = "1", paramLabel = VERSION) String version) {
    return server.run(
        "POST", path(key, "/versions/" + Bodies.segment(version) + "/enable"), Map.of());
  }

  @Command(
      name = "set-rotation",
      mixinStandardHelpOptions = true,
      description = "Has the server rotate a key whenever its current version is this old.")
  int setRotation(
      @Mixin AdminConnection server,
      @Parameters(index = "0", paramLabel = KEY) String key,
      @Parameters(index = "1", paramLabel = "TIME", description = "Such as 90d; 1h to 3650d.")
          String period) {
    return server.run("PUT", path(key, "/rotation"), Map.of("rotationPeriod", period));
  }

  @Command(
      name = "clear-rotation",
      mixinStandardHelpOptions = true,
      description = "Leaves the rotation of a key to you.")
  int clearRotation(@Mixin AdminConnection server, @Parameters(paramLabel = KEY) String key) {
    return server.run("DELETE", path(key, "/rotation"), null);
  }

  @Command(
      name = "set-labels",
      mixinStandardHelpOptions = true,
      description = "Replaces all labels of a key; none given takes them away.")
  int setLabels(
      @Mixin AdminConnection server,
      @Parameters(index = "0", paramLabel = KEY) String key,
      @Parameters(index = "1..*", arity = "0..*", paramLabel = "NAME=VALUE")
          @Nullable Map<String, String> labels) {
    return server.run(
        "PUT", path(key, "/labels"), Map.of("labels", labels == null ? Map.of() : labels));
  }

  @Command(
      name = "rotate",
      mixinStandardHelpOptions = true,
      description =
          "Makes a new version that encrypts from now on, or takes it from a file. Older versions go on decrypting.")
  int rotate(
      @Mixin AdminConnection server,
      @Mixin MaterialOptions material,
      @Parameters(paramLabel = KEY) String key) {
    Map<String, Object> body = new LinkedHashMap<>();
    boolean unused = material.putInto(body, server);
    return server.run("POST", path(key, "/rotate"), body);
  }

  @Command(
      name = "block",
      mixinStandardHelpOptions = true,
      description =
          "Refuses every call for the key from now on. Once this returns, nothing is served any more.")
  int block(@Mixin AdminConnection server, @Parameters(paramLabel = KEY) String key) {
    return server.run("POST", path(key, "/block"), Map.of());
  }

  @Command(name = "unblock", mixinStandardHelpOptions = true, description = "Serves the key again.")
  int unblock(
      @Mixin AdminConnection server,
      @Mixin ApprovalOptions approvals,
      @Parameters(paramLabel = KEY) String key) {
    return server.run("POST", path(key, "/unblock"), approvals.body());
  }

  @Command(
      name = "activate",
      mixinStandardHelpOptions = true,
      description = "Puts a pre-active key into use.")
  int activate(@Mixin AdminConnection server, @Parameters(paramLabel = KEY) String key) {
    return server.run("POST", path(key, "/activate"), Map.of());
  }

  @Command(
      name = "enable",
      mixinStandardHelpOptions = true,
      description = "Puts a disabled key into use again.")
  int enable(@Mixin AdminConnection server, @Parameters(paramLabel = KEY) String key) {
    return server.run("POST", path(key, "/enable"), Map.of());
  }

  @Command(
      name = "disable",
      mixinStandardHelpOptions = true,
      description = "Takes a key out of use.")
  int disable(@Mixin AdminConnection server, @Parameters(paramLabel = KEY) String key) {
    return server.run("POST", path(key, "/disable"), Map.of());
  }

  @Command(
      name = "schedule-deletion",
      mixinStandardHelpOptions = true,
      description = "Takes a key out of use and destroys it when the waiting period is over.")
  int scheduleDeletion(
      @Mixin AdminConnection server,
      @Option(
              names = "--after",
              paramLabel = "TIME",
              description = "Such as 7d or 720h. Default: 30d.")
          @Nullable String after,
      @Option(
              names = "--force",
              description = "Does it although OCI has used the key (it is linked).")
          boolean force,
      @Mixin ApprovalOptions approvals,
      @Parameters(paramLabel = KEY) String key) {
    Map<String, Object> body = approvals.body();
    body.put("after", after == null ? "30d" : after);
    return server.run("POST", path(key, "/schedule-deletion") + Bodies.forceQuery(force), body);
  }

  @Command(
      name = "cancel-deletion",
      mixinStandardHelpOptions = true,
      description = "Calls a scheduled deletion off; the key is disabled then.")
  int cancelDeletion(@Mixin AdminConnection server, @Parameters(paramLabel = KEY) String key) {
    return server.run("POST", path(key, "/cancel-deletion"), Map.of());
  }

  @Command(
      name = "destroy",
      mixinStandardHelpOptions = true,
      description =
          "Destroys a key for good, now. Everything encrypted under it is lost. Block it first.")
  int destroy(
      @Mixin AdminConnection server,
      @Option(names = "--yes", required = true, description = "Says that you mean it.")
          boolean sure,
      @Option(
              names = "--force",
              description = "Does it although OCI has used the key (it is linked).")
          boolean force,
      @Mixin ApprovalOptions approvals,
      @Parameters(paramLabel = KEY) String key) {
    return server.run("POST", path(key, "/destroy") + Bodies.forceQuery(force), approvals.body());
  }

  @Command(
      name = "set-policy",
      mixinStandardHelpOptions = true,
      description = "Replaces the key's own policy.")
  int setPolicy(
      @Mixin AdminConnection server,
      @Parameters(index = "0", paramLabel = KEY) String key,
      @Parameters(index = "1", paramLabel = "FILE", description = "The policy.") Path policy) {
    return server.run("PUT", path(key, "/policy"), Map.of("policy", VaultCommands.text(policy)));
  }

  @Command(
      name = "clear-policy",
      mixinStandardHelpOptions = true,
      description = "Takes the key's own policy away; the vault's stays.")
  int clearPolicy(@Mixin AdminConnection server, @Parameters(paramLabel = KEY) String key) {
    return server.run("DELETE", path(key, "/policy"), null);
  }

  private static String material(Path file) {
    try {
      if (Files.size(file) > MOST_MATERIAL) {
        throw new CommandFailedException(
            file + " is larger than any key; name the file with the raw or wrapped key", null);
      }
      byte[] raw = Files.readAllBytes(file);
      try {
        return Base64.getEncoder().encodeToString(raw);
      } finally {
        Arrays.fill(raw, (byte) 0);
      }
    } catch (IOException e) {
      throw new CommandFailedException(file + " can't be read: " + e.getMessage(), e);
    }
  }

  static String path(String key, String rest) {
    int slash = key.indexOf('/');
    return slash < 0
        ? "/keys/" + Bodies.segment(key) + rest
        : "/vaults/"
            + Bodies.segment(key.substring(0, slash))
            + "/keys/"
            + Bodies.segment(key.substring(slash + 1))
            + rest;
  }
}
