// SPDX-License-Identifier: Apache-2.0
package org.openekm.server.cli;

import java.io.IOException;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.SecureRandom;
import java.time.Instant;
import java.util.Arrays;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;
import tools.jackson.databind.json.JsonMapper;

/** Writes everything that a first server needs. */
@Command(
    name = "init",
    mixinStandardHelpOptions = true,
    description = {
      "Writes a configuration that works: TLS key and certificate, key-encryption key, admin credential, ekm.yaml.",
      "Never overwrites anything."
    },
    footer = {
      "",
      "Example:",
      "  ekm init ./my-ekm --host 10.0.0.5 --port 443",
      "  ekm init ./my-ekm --host kms.example.com --csr     (a company CA signs tls/server.csr)"
    })
final class InitCommand implements Callable<Integer> {

  private static final int KEK_BYTES = 32;
  private static final int CREDENTIAL_BYTES = 32;

  @Spec @Nullable CommandSpec spec;

  @Parameters(paramLabel = "DIR", description = "The folder to make; must be empty or not there.")
  Path folder = Path.of("");

  @Option(
      names = "--host",
      paramLabel = "HOST",
      defaultValue = "127.0.0.1",
      description =
          "The IP address or name by which OCI reaches this server; goes into the certificate. Default: 127.0.0.1.")
  String host = "";

  @Option(
      names = "--port",
      paramLabel = "PORT",
      defaultValue = "8443",
      description = "The port for OCI. Default: 8443. It can't be changed in OCI later.")
  int port;

  @Option(
      names = "--admin-port",
      paramLabel = "PORT",
      defaultValue = "8444",
      description = "The port for administration, on this machine only. Default: 8444.")
  int adminPort;

  @Option(
      names = "--csr",
      description = "Writes a certificate request for a company CA instead of a certificate.")
  boolean csr;

  @Option(
      names = {"-o", "--output"},
      paramLabel = "FORMAT",
      defaultValue = "text",
      description = "text or json. Default: text.")
  AdminConnection.Output output = AdminConnection.Output.text;

  private final SecureRandom random = new SecureRandom();

  @Override
  public Integer call() throws IOException, GeneralSecurityException {
    checkOptions();
    Path root = folder.toAbsolutePath().normalize();
    for (String each : new String[] {"", "tls", "secrets", "data", "audit"}) {
      PrivateFiles.folder(root.resolve(each));
    }
    writeTls(root.resolve("tls"));
    writeSecrets(root.resolve("secrets"));
    PrivateFiles.secret(root.resolve("ekm.yaml"), config().getBytes(StandardCharsets.UTF_8));
    if (output == AdminConnection.Output.json) {
      reportJson(root);
    } else {
      report(root);
    }
    return 0;
  }

  private void checkOptions() throws IOException {
    if (!HostNames.isValid(host)) {
      throw wrong("--host must be an IP address or a host name");
    }
    if (port < 1 || port > 65_535 || adminPort < 1 || adminPort > 65_535 || port == adminPort) {
      throw wrong("--port and --admin-port must be two different numbers from 1 to 65535");
    }
    if (Files.exists(folder)) {
      try (Stream<Path> content = Files.list(folder)) {
        if (content.findAny().isPresent()) {
          throw wrong(folder + " is not empty; name a folder that is not there yet");
        }
      }
    }
  }

  private void writeTls(Path tls) throws IOException, GeneralSecurityException {
    ServerCertificate maker = new ServerCertificate(random, Instant.now());
    if (csr) {
      ServerCertificate.KeyAndRequest request = maker.request(host);
      secret(tls.resolve("server.key"), ServerCertificate.privateKeyPem(request.keys()));
      PrivateFiles.open(tls.resolve("server.csr"), ascii(request.requestPem()));
      return;
    }
    ServerCertificate.Identity authority = maker.authority("OpenEKM CA for " + host);
    ServerCertificate.Identity server = maker.server(host, authority);
    secret(tls.resolve("ca.key"), ServerCertificate.privateKeyPem(authority.keys()));
    secret(tls.resolve("server.key"), ServerCertificate.privateKeyPem(server.keys()));
    PrivateFiles.open(tls.resolve("ca.pem"), ascii(ServerCertificate.pem(authority.certificate())));
    PrivateFiles.open(
        tls.resolve("server.pem"),
        ascii(ServerCertificate.pem(server.certificate(), authority.certificate())));
  }

  private void writeSecrets(Path secrets) throws IOException {
    secret(secrets.resolve("kek"), randomText(KEK_BYTES, Base64.getEncoder()));
    secret(
        secrets.resolve("admin-credential"),
        randomText(CREDENTIAL_BYTES, Base64.getUrlEncoder().withoutPadding()));
  }

  private byte[] randomText(int bytes, Base64.Encoder encoder) {
    byte[] raw = new byte[bytes];
    random.nextBytes(raw);
    try {
      return encoder.encode(raw);
    } finally {
      Arrays.fill(raw, (byte) 0);
    }
  }

  private static void secret(Path file, byte[] content) throws IOException {
    try {
      PrivateFiles.secret(file, content);
    } finally {
      Arrays.fill(content, (byte) 0);
    }
  }

  private String config() {
    return """
        # The settings that most servers need. All others, with their defaults: docs/configuration.md.
        endpoint:
          host: %s
          port: %d
          url: %s
          tls:
            certificate: tls/server.pem
            key: tls/server.key

        # Management, health and metrics: on this machine only.
        admin:
          host: 127.0.0.1
          port: %d
          credential: ${file:secrets/admin-credential}

        store:
          type: sqlite
          path: ${here}/data/ekm.db

        backends:
          main:
            type: software
            keystore: ${here}/data/keys.ekm
            kek: ${file:secrets/kek}

        audit:
          type: file
          path: ${here}/audit/audit.log
        """
        .formatted(isLoopback() ? "127.0.0.1" : "0.0.0.0", port, baseUrl(), adminPort);
  }

  private boolean isLoopback() {
    return host.equals("127.0.0.1") || host.equals("localhost");
  }

  private String baseUrl() {
    return "https://" + (host.indexOf(':') >= 0 ? "[" + host + "]" : host) + ":" + port;
  }

  private void reportJson(Path root) {
    Map<String, Object> json = new LinkedHashMap<>();
    json.put("config", root.resolve("ekm.yaml").toString());
    json.put(
        csr ? "request" : "caBundle",
        root.resolve(csr ? "tls/server.csr" : "tls/ca.pem").toString());
    json.put("certificate", root.resolve("tls/server.pem").toString());
    json.put("url", baseUrl());
    PrintWriter out = command().commandLine().getOut();
    out.println(JsonMapper.builder().build().writeValueAsString(json));
    out.flush();
  }

  private void report(Path root) {
    var out = command().commandLine().getOut();
    out.println("Written to " + root + ":");
    out.println("  ekm.yaml                   the configuration");
    if (csr) {
      out.println(
          "  tls/server.csr             have your CA sign this (RSA, with the subject alternative name)");
      out.println(
          "                             and put the certificate and its chain into tls/server.pem");
    } else {
      out.println("  tls/ca.pem                 the CA bundle to give to OCI");
      out.println(
          "  tls/ca.key                 signs the next server certificate: move it to a safe place");
      out.println("  tls/server.pem, .key       for " + host);
    }
    out.println(
        "  secrets/kek                encrypts the software keystore: back it up apart from data/");
    out.println("  secrets/admin-credential   lets management commands in");
    out.println();
    out.println("Next: ekm serve --config " + root.resolve("ekm.yaml"));
    out.flush();
  }

  private ParameterException wrong(String message) {
    return new ParameterException(command().commandLine(), message);
  }

  private CommandSpec command() {
    return java.util.Objects.requireNonNull(spec, "set by the command line library");
  }

  private static byte[] ascii(String text) {
    return text.getBytes(StandardCharsets.US_ASCII);
  }
}
