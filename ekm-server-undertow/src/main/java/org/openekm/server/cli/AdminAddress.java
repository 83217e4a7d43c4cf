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
    String host = admin.path("host").asString("127.0.0.1");
    String shownHost = host.indexOf(':') >= 0 ? "[" + host + "]" : host;
    String scheme = admin.path("tls").isObject() ? "https" : "http";
    URI url = URI.create(scheme + "://" + shownHost + ":" + admin.path("port").asInt(DEFAULT_PORT));
    return new AdminAddress(url, credentialFile(config, admin.path("credential").asString("")));
  }

  private static Path credentialFile(Path config, String credential) {
    try {
      SecretReference reference = SecretReference.parse(credential);
      if (reference.scheme().equals("file")) {
        Path folder = config.toAbsolutePath().getParent();
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
