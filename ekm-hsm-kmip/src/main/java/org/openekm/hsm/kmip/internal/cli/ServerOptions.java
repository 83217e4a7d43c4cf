// SPDX-License-Identifier: Apache-2.0
package org.openekm.hsm.kmip.internal.cli;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.InstantSource;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.openekm.api.NanoClock;
import org.openekm.api.SecretBytes;
import org.openekm.spi.ComponentContext;
import org.openekm.spi.SecretReference;
import org.openekm.spi.SecretUnavailableException;
import org.openekm.spi.Settings;
import picocli.CommandLine.Option;

/** Which key manager a command is about. */
final class ServerOptions {

  @Option(
      names = "--host",
      required = true,
      paramLabel = "NAME",
      description = "The key manager's name or address.")
  private String host = "";

  @Option(names = "--port", paramLabel = "PORT", description = "Its port. Default: 5696.")
  private int port = 5696;

  @Option(
      names = "--server-name",
      paramLabel = "NAME",
      description = "The name in its certificate, where that is another than --host.")
  private @Nullable String serverName;

  @Option(
      names = "--ca",
      required = true,
      paramLabel = "FILE",
      description = "Certificates of the authorities that sign its certificate, PEM.")
  private Path trusted = Path.of("");

  @Option(
      names = "--certificate",
      paramLabel = "FILE",
      description = "This client's certificate and its chain, PEM.")
  private @Nullable Path certificate;

  @Option(
      names = "--private-key",
      paramLabel = "FILE",
      description = "This client's private key, PEM (PKCS#8, not encrypted).")
  private @Nullable Path privateKey;

  @Option(
      names = "--key-store",
      paramLabel = "FILE",
      description = "This client's key and certificates, PKCS#12, in place of the two.")
  private @Nullable Path keyStore;

  @Option(
      names = "--password-file",
      paramLabel = "FILE",
      description = "File with the key store's password.")
  private @Nullable Path passwordFile;

  @Option(
      names = "--protocol-version",
      paramLabel = "VERSION",
      description = "Version of KMIP, such as 1.4. Default: the best that both speak.")
  private @Nullable String version;

  @Option(
      names = "--profile",
      paramLabel = "NAME",
      description = "The profile; see the KMIP guide. Default: the one that fits.")
  private @Nullable String profile;

  Optional<String> profile() {
    return Optional.ofNullable(profile);
  }

  /** Returns the options as a backend's settings, in the order in which they are to be read. */
  Map<String, String> settings() {
    Map<String, String> settings = new LinkedHashMap<>();
    put(settings, "profile", profile);
    put(settings, "host", host);
    put(settings, "port", Integer.toString(port));
    put(settings, "server-name", serverName);
    put(settings, "version", version);
    put(settings, "tls.trusted-certificates", absolute(trusted));
    put(settings, "tls.certificate", absolute(certificate));
    put(settings, "tls.private-key", absolute(privateKey));
    put(settings, "tls.key-store", absolute(keyStore));
    String password = absolute(passwordFile);
    put(settings, "tls.key-store-password", password == null ? null : "${file:" + password + "}");
    return settings;
  }

  private static @Nullable String absolute(@Nullable Path path) {
    return path == null ? null : path.toAbsolutePath().toString();
  }

  private static void put(Map<String, String> settings, String key, @Nullable String value) {
    if (value != null) {
      settings.put(key, value);
    }
  }

  /** Returns what a backend of these settings is made with. */
  static ComponentContext context(Map<String, String> settings) {
    return new ComponentContext(
        "kmip",
        Settings.of(settings),
        ServerOptions::read,
        InstantSource.system(),
        NanoClock.system(),
        new SecureRandom(),
        task -> {
          Thread thread = new Thread(task, "kmip");
          thread.setDaemon(true);
          thread.start();
        });
  }

  private static SecretBytes read(SecretReference reference) {
    try {
      byte[] bytes = Files.readAllBytes(Path.of(reference.location()));
      boolean line = bytes.length > 0 && bytes[bytes.length - 1] == '\n';
      byte[] secret = Arrays.copyOf(bytes, line ? bytes.length - 1 : bytes.length);
      Arrays.fill(bytes, (byte) 0);
      if (secret.length == 0) {
        throw new SecretUnavailableException(reference, "is empty", null);
      }
      return SecretBytes.adopt(secret);
    } catch (IOException e) {
      throw new SecretUnavailableException(reference, "can't be read", new UncheckedIOException(e));
    }
  }
}
