// SPDX-License-Identifier: Apache-2.0
package org.openekm.spi;

import java.util.List;
import java.util.stream.Collectors;

/**
 * Thrown when a configuration can't work; carries every problem that was found, not just the first.
 */
public final class InvalidConfigurationException extends RuntimeException {

  private static final long serialVersionUID = 1L;

  private final transient List<ConfigurationProblem> problems;

  /** Makes an exception from all problems, at least one. */
  public InvalidConfigurationException(List<ConfigurationProblem> problems) {
    super(problems.stream().map(ConfigurationProblem::toString).collect(Collectors.joining("; ")));
    this.problems = List.copyOf(problems);
  }

  /** Returns the problems in the order in which they were found. */
  public List<ConfigurationProblem> problems() {
    return problems;
  }
}
