// SPDX-License-Identifier: Apache-2.0
package org.openekm.server.cli;

import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import org.openekm.spi.SecretReference;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.dataformat.yaml.YAMLMapper;

/**
 * Where a server's admin listener is and where its credential lies, as its configuration says.
 * Reads no more of the file than that, so that a key can be blocked even while the rest of the file
 * is being edited.
 *
 * @param url the listener
 * @param credentialFile the file with the credential
 */
record AdminAddress(URI url, Path credentialFile) {

  private static final int DEFAULT_PORT = 8444;

  static AdminAddress read(Path config) {
    JsonNode admin = parsed(config).path("admin");
    return new AdminAddress(
        url(config, admin), credentialFile(config, admin.path("credential").asString("")));
  }

  /** Returns the listener alone, for whoever brings a proof of their own. */
  static URI url(Path config) {
    return url(config, parsed(config).path("admin"));
  }

  private static URI url(Path config, JsonNode admin) {
    String scheme = admin.path("tls").isObject() ? "https" : "http";
    return URI.create(scheme + "://" + host(config, admin) + ":" + port(config, admin));
  }

  private static String host(Path config, JsonNode admin) {
    String host = admin.path("host").asString("127.0.0.1");
    if (!HostNames.isValid(host)) {
      throw notPlain(config, "admin.host");
    }
    if (host.equals("0.0.0.0") || host.equals("::")) {
      return "127.0.0.1";
    }
    return host.indexOf(':') >= 0 ? "[" + host + "]" : host;
  }

  /** Never falls back from a port that can't be read: the credential would go to somebody else. */
  private static int port(Path config, JsonNode admin) {
    String port = admin.path("port").asString(Integer.toString(DEFAULT_PORT));
    if (!port.matches("[0-9]{1,5}")) {
      throw notPlain(config, "admin.port");
    }
    return Integer.parseInt(port);
  }

  private static CommandFailedException notPlain(Path config, String field) {
    return new CommandFailedException(
        field + " in " + config + " is not a plain value; use --url and --credential-file", null);
  }

  private static Path credentialFile(Path config, String credential) {
    try {
      Path folder = config.toAbsolutePath().normalize().getParent();
      SecretReference reference =
          SecretReference.parse(credential.replace("${here}", String.valueOf(folder)));
      if (reference.scheme().equals("file")) {
        Path file = Path.of(reference.location());
        return folder == null ? file : folder.resolve(file);
      }
    } catch (IllegalArgumentException e) {
      throw new CommandFailedException("admin.credential in " + config + " " + e.getMessage(), e);
    }
    throw new CommandFailedException(
        "admin.credential in " + config + " is not in a file; use --url and --credential-file",
        null);
  }

  private static JsonNode parsed(Path config) {
    try {
      return YAMLMapper.builder().build().readTree(Files.readString(config));
    } catch (IOException | JacksonException e) {
      throw new CommandFailedException(config + " can't be read as YAML: " + e.getMessage(), e);
    }
  }
}
