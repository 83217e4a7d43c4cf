// SPDX-License-Identifier: Apache-2.0
package org.openekm.server.cli;

import java.util.List;
import org.jspecify.annotations.Nullable;
import org.openekm.spi.ConfigurationProblem;

/** Thrown when a command can't do its work; the message goes to the operator as it is. */
final class CommandFailedException extends RuntimeException {

  private static final long serialVersionUID = 1L;

  private final transient List<ConfigurationProblem> problems;

  CommandFailedException(String message, @Nullable Throwable cause) {
    this(message, List.of(), cause);
  }

  CommandFailedException(
      String message, List<ConfigurationProblem> problems, @Nullable Throwable cause) {
    super(message, cause);
    this.problems = List.copyOf(problems);
  }

  /** Returns what the server said is wrong with which field; empty if it is something else. */
  List<ConfigurationProblem> problems() {
    return problems;
  }
}
