// SPDX-License-Identifier: Apache-2.0
package org.openekm.server.cli;

import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;
import tools.jackson.databind.JsonNode;

/**
 * How a command reaches the running server, and how it prints what comes back. Mixed into every
 * management command.
 */
final class AdminConnection {

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

  private AdminClient client() {
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
