// SPDX-License-Identifier: Apache-2.0
package org.openekm.hsm.pkcs11.internal.cli;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.InstantSource;
import java.util.Arrays;
import java.util.HashMap;
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

/** Which library and token a command is about. */
final class TokenOptions {

  @Option(
      names = "--module",
      required = true,
      paramLabel = "FILE",
      description = "The vendor's PKCS#11 library, such as /usr/lib/softhsm/libsofthsm2.so.")
  private Path module = Path.of("");

  @Option(
      names = "--init-args",
      paramLabel = "TEXT",
      description = "What the library wants at its start; NSS names its database so.")
  private @Nullable String initArgs;

  @Option(names = "--token", paramLabel = "LABEL", description = "The token's label.")
  private @Nullable String label;

  @Option(names = "--serial", paramLabel = "NUMBER", description = "The token's serial number.")
  private @Nullable String serial;

  @Option(names = "--slot", paramLabel = "NUMBER", description = "The slot's number.")
  private @Nullable String slot;

  @Option(
      names = "--pin-file",
      paramLabel = "FILE",
      description = "File with the PIN. A wrong PIN is tried once only.")
  private @Nullable Path pinFile;

  @Option(
      names = "--profile",
      paramLabel = "NAME",
      defaultValue = "generic",
      description = "The vendor's profile; see the HSM guide. Default: generic.")
  private String profile = "generic";

  @Option(
      names = "--binding",
      paramLabel = "KIND",
      defaultValue = "auto",
      description = "auto, ffm or jna. Default: auto.")
  private String binding = "auto";

  Path module() {
    return module.toAbsolutePath();
  }

  Optional<String> initArgs() {
    return Optional.ofNullable(initArgs);
  }

  Optional<Path> pinFile() {
    return Optional.ofNullable(pinFile).map(Path::toAbsolutePath);
  }

  boolean namesToken() {
    return label != null || serial != null || slot != null;
  }

  /** Returns the options as a backend's settings. */
  Map<String, String> settings() {
    Map<String, String> settings = new HashMap<>();
    settings.put("module", module().toString());
    settings.put("profile", profile);
    settings.put("binding", binding);
    put(settings, "init-args", initArgs);
    put(settings, "token.label", label);
    put(settings, "token.serial", serial);
    put(settings, "token.slot", slot);
    pinFile().ifPresent(file -> settings.put("pin", "${file:" + file + "}"));
    return settings;
  }

  private static void put(Map<String, String> settings, String key, @Nullable String value) {
    if (value != null) {
      settings.put(key, value);
    }
  }

  /** Returns what a token is opened with. */
  ComponentContext context() {
    return new ComponentContext(
        "hsm",
        Settings.of(settings()),
        TokenOptions::read,
        InstantSource.system(),
        NanoClock.system(),
        new SecureRandom(),
        task -> new Thread(task, "hsm").start());
  }

  private static SecretBytes read(SecretReference reference) {
    try {
      byte[] bytes = Files.readAllBytes(Path.of(reference.location()));
      int length = bytes.length;
      if (length > 0 && bytes[length - 1] == '\n') {
        length--;
      }
      byte[] secret = Arrays.copyOf(bytes, length);
      Arrays.fill(bytes, (byte) 0);
      if (length == 0) {
        throw new SecretUnavailableException(reference, "is empty", null);
      }
      return SecretBytes.adopt(secret);
    } catch (IOException e) {
      throw new SecretUnavailableException(reference, "can't be read", new UncheckedIOException(e));
    }
  }
}
