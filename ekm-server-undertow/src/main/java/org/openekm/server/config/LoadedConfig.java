// SPDX-License-Identifier: Apache-2.0
package org.openekm.server.config;

import java.nio.file.Path;
import java.util.List;
import org.openekm.server.EkmServerConfig;
import org.openekm.spi.ConfigurationProblem;
import org.openekm.spi.SecretResolver;

/** A configuration that was read, and how to point at its lines. Not thread-safe. */
public final class LoadedConfig {

  private final Path file;
  private final EkmServerConfig config;
  private final SecretResolver secrets;
  private final Reading reading;

  LoadedConfig(Path file, EkmServerConfig config, SecretResolver secrets, Reading reading) {
    this.file = file;
    this.config = config;
    this.secrets = secrets;
    this.reading = reading;
  }

  /** Returns the file. */
  public Path file() {
    return file;
  }

  /** Returns what it says. */
  public EkmServerConfig config() {
    return config;
  }

  /** Returns the resolver of secrets, for which relative paths begin at the file's folder. */
  public SecretResolver secrets() {
    return secrets;
  }

  /**
   * Throws these problems with the lines of their fields.
   *
   * @throws ConfigException if there are any
   */
  void raise(List<ConfigurationProblem> problems) {
    problems.forEach(reading::problem);
    reading.problems().raise(file.toString());
  }
}
