// SPDX-License-Identifier: Apache-2.0
package org.openekm.server.cli;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.NoSuchFileException;
import org.openekm.server.config.ConfigException;
import org.openekm.server.http.TlsException;
import org.openekm.spi.ConfigurationProblem;
import org.openekm.spi.InvalidConfigurationException;
import org.openekm.spi.SecretUnavailableException;
import org.openekm.spi.backend.BackendException;
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
    } else {
      err.println(text(failure));
    }
    err.flush();
    return 1;
  }

  private static String text(Exception failure) {
    if (failure instanceof NoSuchFileException missing) {
      return missing.getFile() + " is not there; check the path";
    }
    if (failure instanceof AccessDeniedException denied) {
      return denied.getFile() + " can't be accessed; run this as the server's user";
    }
    if (failure instanceof CommandFailedException
        || failure instanceof BackendException
        || failure instanceof TlsException
        || failure instanceof SecretUnavailableException
        || failure instanceof UncheckedIOException) {
      return String.valueOf(failure.getMessage());
    }
    if (failure instanceof IOException) {
      return "Reading or writing failed: " + failure.getMessage();
    }
    return "This should not have happened, please report it: " + failure;
  }
}
