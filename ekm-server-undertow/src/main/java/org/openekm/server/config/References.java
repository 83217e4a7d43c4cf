// SPDX-License-Identifier: Apache-2.0
package org.openekm.server.config;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;
import org.openekm.spi.SecretReference;

/** Puts in what {@code ${here}}, {@code ${env:NAME}} and {@code ${file:PATH}} stand for. */
final class References {

  private static final int MAX_FILE_BYTES = 64 * 1024;

  private final Path folder;
  private final UnaryOperator<@Nullable String> environment;

  References(Path folder, UnaryOperator<@Nullable String> environment) {
    this.folder = folder;
    this.environment = environment;
  }

  /** Puts the folder of the configuration file in. */
  String withFolder(String text) {
    return text.replace("${here}", folder.toString());
  }

  /**
   * Returns the value that the text is or stands for.
   *
   * @throws IllegalArgumentException with the rule that is broken
   */
  String resolve(String text) {
    String value = withFolder(text);
    if (!value.contains("${")) {
      return value;
    }
    SecretReference reference = parse(value);
    return reference.scheme().equals("env")
        ? variable(reference.location())
        : content(folder.resolve(reference.location()));
  }

  /** Returns a path as it is meant: relative ones begin at the folder of the configuration file. */
  Path path(String text) {
    return folder.resolve(text);
  }

  /** Returns a variable of the environment, or null. */
  @Nullable String environment(String name) {
    return environment.apply(name);
  }

  private static SecretReference parse(String value) {
    try {
      return SecretReference.parse(value);
    } catch (IllegalArgumentException e) {
      throw new IllegalArgumentException(
          "must be a value, or one of ${env:NAME} and ${file:PATH} alone, with ${here} for the folder of this file",
          e);
    }
  }

  private String variable(String name) {
    String value = environment.apply(name);
    if (value == null) {
      throw new IllegalArgumentException(
          "stands for the environment variable " + name + ", which is not set");
    }
    return value;
  }

  private static String content(Path file) {
    try {
      if (Files.size(file) > MAX_FILE_BYTES) {
        throw new IllegalArgumentException("stands for the file " + file + ", which is too large");
      }
      return Files.readString(file, StandardCharsets.UTF_8).strip();
    } catch (IOException e) {
      throw new IllegalArgumentException(
          "stands for the file " + file + ", which can't be read", e);
    }
  }
}
