// SPDX-License-Identifier: Apache-2.0
package org.openekm.server.config;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.openekm.api.SecretBytes;
import org.openekm.server.EkmServerConfig;
import org.openekm.server.http.TlsConfig;
import org.openekm.spi.ConfigurationProblem;
import org.openekm.spi.SecretReference;
import org.openekm.spi.SecretUnavailableException;

/** Reads configuration files. Stateless. */
public final class ConfigLoader {

  private static final long MAX_FILE_BYTES = 1024 * 1024;

  private final UnaryOperator<@Nullable String> environment;

  /** Makes a loader that sees the environment of this process. */
  public ConfigLoader() {
    this(System::getenv);
  }

  /**
   * Makes a loader that sees another environment: a function from a variable's name to its value or
   * null.
   */
  public ConfigLoader(UnaryOperator<@Nullable String> environment) {
    this.environment = environment;
  }

  /**
   * Reads a file.
   *
   * @throws ConfigException with every problem: syntax, unknown, missing and wrong settings, files
   *     and secrets that can't be read
   */
  public LoadedConfig load(Path path) {
    Path file = path.toAbsolutePath().normalize();
    Path folder = Optional.ofNullable(file.getParent()).orElse(file);
    Reading reading = Reading.of(folder, environment);
    YamlNode.Mapping root = new YamlReader(reading.problems()).read(text(file, MAX_FILE_BYTES));
    if (!reading.problems().isEmpty() && root.entries().isEmpty()) {
      reading.problems().raise(file.toString());
    }
    EkmServerConfig config = ConfigSchema.read(new Section("", root, reading));
    FileAndEnvironmentSecrets secrets = new FileAndEnvironmentSecrets(folder, environment);
    tryTls("endpoint.tls", config.endpoint().listener().tls(), secrets, reading);
    config
        .admin()
        .ifPresent(
            admin -> {
              tryTls("admin.tls", admin.listener().tls(), secrets, reading);
              admin
                  .credential()
                  .ifPresent(each -> trySecret("admin.credential", each, secrets, reading));
            });
    trySettings("store", config.store().component(), secrets, reading);
    trySettings("audit", config.audit().component(), secrets, reading);
    trySettings("policy", config.policy(), secrets, reading);
    config
        .backends()
        .forEach(
            (name, backend) ->
                trySettings("backends." + name, backend.component(), secrets, reading));
    reading.problems().raise(file.toString());
    return new LoadedConfig(file, config, secrets, reading);
  }

  static String text(Path file, long maxBytes) {
    try {
      if (Files.size(file) > maxBytes) {
        throw unreadable(
            file, "is larger than " + (maxBytes >> 20) + " MiB", "name the file that is meant");
      }
      return Files.readString(file);
    } catch (IOException e) {
      throw unreadable(
          file,
          "can't be read",
          "check the path, the rights of the file and that it is UTF-8 text");
    }
  }

  private static ConfigException unreadable(Path file, String problem, String hint) {
    return new ConfigException(
        file.toString(),
        List.of(new LocatedProblem(0, 0, new ConfigurationProblem("", problem, hint))));
  }

  private static void tryTls(
      String field, Optional<TlsConfig> tls, FileAndEnvironmentSecrets secrets, Reading reading) {
    if (tls.isPresent() && tls.get().source() instanceof TlsConfig.Pem pem) {
      pem.keyPassword()
          .ifPresent(each -> trySecret(field + ".key-password", each, secrets, reading));
    } else if (tls.isPresent() && tls.get().source() instanceof TlsConfig.Pkcs12 pkcs12) {
      trySecret(field + ".keystore-password", pkcs12.password(), secrets, reading);
    }
  }

  /** A provider's settings are its own, but a reference in them is surely meant for us. */
  private static void trySettings(
      String prefix,
      EkmServerConfig.Component component,
      FileAndEnvironmentSecrets secrets,
      Reading reading) {
    references(component.settings())
        .forEach(
            entry -> {
              try {
                trySecret(
                    prefix + "." + entry.getKey(),
                    SecretReference.parse(entry.getValue()),
                    secrets,
                    reading);
              } catch (IllegalArgumentException e) {
                reading.problem(
                    new ConfigurationProblem(
                        prefix + "." + entry.getKey(),
                        "holds ${ but is no reference",
                        "write ${file:PATH} or ${env:NAME} alone, or ${here} for the folder of this file"));
              }
            });
  }

  private static Stream<Map.Entry<String, String>> references(Map<String, String> settings) {
    return settings.entrySet().stream()
        .filter(entry -> entry.getValue().contains("${"))
        .sorted(Map.Entry.comparingByKey());
  }

  private static void trySecret(
      String field, SecretReference reference, FileAndEnvironmentSecrets secrets, Reading reading) {
    try (SecretBytes secret = secrets.resolve(reference)) {
      assert secret.length() > 0;
    } catch (SecretUnavailableException e) {
      reading.problem(
          new ConfigurationProblem(
              field,
              String.valueOf(e.getMessage()),
              "put the secret there and let only the server's user read it"));
    }
  }
}
