// SPDX-License-Identifier: Apache-2.0
package org.openekm.server.config;

import java.nio.file.Path;
import org.openekm.spi.ConfigurationProblem;

/**
 * A set-up file that was read, with what was found wrong with it so far, and how to point at its
 * lines. Not thread-safe.
 */
public final class LoadedSetup {

  private final Path file;
  private final Setup setup;
  private final Reading reading;

  LoadedSetup(Path file, Setup setup, Reading reading) {
    this.file = file;
    this.setup = setup;
    this.reading = reading;
  }

  /** Returns what it says, as far as it could be read; not to be used before {@link #raise}. */
  public Setup setup() {
    return setup;
  }

  /** Adds a problem; it goes to the line of its field, or of what the field lies in. */
  public void problem(ConfigurationProblem problem) {
    reading.problem(problem);
  }

  /**
   * Throws everything that was found.
   *
   * @throws ConfigException if there is anything
   */
  public void raise() {
    reading.problems().raise(file.toString());
  }
}
