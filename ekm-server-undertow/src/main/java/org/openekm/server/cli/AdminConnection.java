// SPDX-License-Identifier: Apache-2.0
package org.openekm.server.cli;

import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import javax.net.ssl.SSLSocketFactory;
import org.jspecify.annotations.Nullable;
import org.openekm.server.http.ClientTls;
import org.openekm.server.http.TlsConfig;
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
      names = "--client-cert",
      paramLabel = "FILE",
      description =
          "PEM file with your client certificate, then its chain. It is shown instead of the server's own credential.")
  @Nullable Path clientCert;

  @Option(
      names = "--client-key",
      paramLabel = "FILE",
      description = "PEM file with its private key, not encrypted. Needed with --client-cert.")
  @Nullable Path clientKey;

  @Option(
      names = "--server-ca",
      paramLabel = "FILE",
      description =
          "PEM file with the authority of the admin listener's certificate. Default: those that this Java trusts.")
  @Nullable Path serverCa;

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
    if ((clientCert == null) != (clientKey == null)) {
      throw wrong("--client-cert and --client-key need each other");
    }
    if (url != null) {
      if (credentialFile == null && clientCert == null) {
        throw wrong("--url needs --credential-file, or --client-cert and --client-key");
      }
      return client(url);
    }
    Path file = configFile();
    if (!Files.isReadable(file)) {
      throw wrong(
          "there is no readable configuration "
              + file
              + "; name it by --config, or the server by --url");
    }
    if (credentialFile == null && clientCert == null) {
      AdminAddress address = AdminAddress.read(file);
      return AdminClient.of(address.url(), address.credentialFile(), tls());
    }
    return client(AdminAddress.url(file));
  }

  /** Whoever shows a certificate is not root: the server's own credential stays where it is. */
  private AdminClient client(URI address) {
    if (clientCert != null && !"https".equalsIgnoreCase(address.getScheme())) {
      throw wrong("--client-cert needs an https address, not " + address);
    }
    return AdminClient.of(address, credentialFile, tls());
  }

  private @Nullable SSLSocketFactory tls() {
    Path certificate = clientCert;
    Path key = clientKey;
    if (certificate == null && serverCa == null) {
      return null;
    }
    Optional<TlsConfig.Pem> identity =
        certificate == null || key == null
            ? Optional.empty()
            : Optional.of(new TlsConfig.Pem(certificate, key, Optional.empty()));
    return ClientTls.context(identity, Optional.ofNullable(serverCa), InstantSource.system())
        .getSocketFactory();
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
