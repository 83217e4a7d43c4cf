// SPDX-License-Identifier: Apache-2.0
package org.openekm.server.config;

import java.util.List;
import java.util.stream.Collectors;

/**
 * Thrown when a configuration file can't be used; the message lists every problem, one per line. No
 * secrets in it.
 */
public final class ConfigException extends RuntimeException {

  private static final long serialVersionUID = 1L;

  private final transient List<LocatedProblem> problems;

  ConfigException(String file, List<LocatedProblem> problems) {
    super(
        file
            + (problems.size() == 1 ? " has a problem:" : " has " + problems.size() + " problems:")
            + problems.stream()
                .map(problem -> System.lineSeparator() + "  " + problem)
                .collect(Collectors.joining()));
    this.problems = List.copyOf(problems);
  }

  /** Returns the problems in the order of their lines. */
  public List<LocatedProblem> problems() {
    return problems;
  }
}
