// SPDX-License-Identifier: Apache-2.0
package org.openekm.server.cli;

import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * How a command reaches the running server, and how it prints what comes back. Mixed into every
 * management command.
 */
final class AdminConnection {

  private static final int PAGE = 500;
  private static final String DEFAULT_CONFIG = "ekm.yaml";

  enum Output {
    text,
    json
  }

  @Spec(Spec.Target.MIXEE)
  @Nullable CommandSpec spec;

  @Option(
      names = {"-c", "--config"},
      paramLabel = "FILE",
      description =
          "The server's configuration; tells where it listens and where the admin credential is. Default: $EKM_CONFIG, else ekm.yaml.")
  @Nullable Path config;

  @Option(
      names = "--url",
      paramLabel = "URL",
      description = "The admin listener, such as http://127.0.0.1:8444, instead of --config.")
  @Nullable URI url;

  @Option(
      names = "--credential-file",
      paramLabel = "FILE",
      description =
          "The file with your credential. Needed with --url; with --config instead of the server's own.")
  @Nullable Path credentialFile;

  @Option(
      names = {"-o", "--output"},
      paramLabel = "FORMAT",
      defaultValue = "text",
      description = "text or json. Default: text.")
  Output output = Output.text;

  /** Calls the server and prints its answer; returns the exit code. */
  int run(String method, String path, @Nullable Object body) {
    JsonNode answer = call(method, path, body);
    print(answer);
    return 0;
  }

  /** Prints a list, all pages of it; returns the exit code. */
  int list(String path, Map<String, ?> query) {
    print(
        JsonMapper.shared()
            .createObjectNode()
            .set("items", JsonMapper.shared().valueToTree(all(path, query))));
    return 0;
  }

  /** Returns a list, all pages of it. */
  List<JsonNode> all(String path, Map<String, ?> query) {
    AdminClient client = client();
    StringBuilder first = new StringBuilder(path).append("?limit=").append(PAGE);
    query.forEach(
        (name, value) -> {
          for (Object each : value instanceof Collection<?> several ? several : List.of(value)) {
            first.append('&').append(name).append('=').append(Bodies.segment(each.toString()));
          }
        });
    List<JsonNode> items = new ArrayList<>();
    JsonNode page = client.call("GET", first.toString(), null);
    page.path("items").forEach(items::add);
    while (page.has("nextCursor")) {
      String cursor = Bodies.segment(page.path("nextCursor").asString());
      page = client.call("GET", first + "&cursor=" + cursor, null);
      page.path("items").forEach(items::add);
    }
    return items;
  }

  JsonNode call(String method, String path, @Nullable Object body) {
    return client().call(method, path, body);
  }

  void print(JsonNode answer) {
    Listing listing = new Listing(command().commandLine().getOut());
    if (output == Output.json) {
      listing.json(answer);
    } else {
      listing.text(answer);
    }
  }

  AdminClient client() {
    if (url != null) {
      if (credentialFile == null) {
        throw wrong("--url needs --credential-file");
      }
      return AdminClient.of(url, credentialFile);
    }
    Path file = configFile();
    if (!Files.isReadable(file)) {
      throw wrong(
          "there is no readable configuration "
              + file
              + "; name it by --config, or the server by --url");
    }
    return credentialFile == null
        ? AdminClient.of(file)
        : AdminClient.of(AdminAddress.read(file).url(), credentialFile);
  }

  Path configFile() {
    if (config != null) {
      return config;
    }
    String named = System.getenv("EKM_CONFIG");
    return Path.of(named == null || named.isBlank() ? DEFAULT_CONFIG : named);
  }

  /** Returns what to throw if the command was used wrongly. */
  ParameterException wrong(String message) {
    return new ParameterException(command().commandLine(), message);
  }

  private CommandSpec command() {
    return java.util.Objects.requireNonNull(spec, "set by the command line library");
  }
}
