// SPDX-License-Identifier: Apache-2.0
package org.openekm.server.cli;

import org.openekm.server.config.ConfigException;
import org.openekm.spi.ConfigurationProblem;
import org.openekm.spi.InvalidConfigurationException;
import picocli.CommandLine;
import picocli.CommandLine.IExecutionExceptionHandler;
import picocli.CommandLine.ParseResult;

/** Says what went wrong in words for an operator, never as a stack trace. */
final class FailureReport implements IExecutionExceptionHandler {

  @Override
  public int handleExecutionException(Exception failure, CommandLine command, ParseResult parsed) {
    var err = command.getErr();
    if (failure instanceof ConfigException config) {
      err.println(config.getMessage());
    } else if (failure instanceof InvalidConfigurationException invalid) {
      err.println("The configuration has " + invalid.problems().size() + " problem(s):");
      for (ConfigurationProblem problem : invalid.problems()) {
        err.println("  " + problem.field() + ": " + problem.problem());
        err.println("      -> " + problem.hint());
      }
    } else if (failure instanceof CommandFailedException failed) {
      err.println(failed.getMessage());
    } else {
      err.println(failure.getClass().getSimpleName() + ": " + failure.getMessage());
    }
    err.flush();
    return 1;
  }
}
