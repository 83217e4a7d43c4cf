// SPDX-License-Identifier: Apache-2.0
package org.openekm.hsm.pkcs11.testtoken;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/** Runs the programs that come with the tokens. */
final class Programs {

  private Programs() {}

  /** Returns why tests that need these can't run; empty if they can. */
  static Optional<String> missing(Path library, String... programs) {
    if (!Files.isReadable(library)) {
      return Optional.of(library + " is not installed");
    }
    return Stream.of(programs)
        .filter(program -> !Files.isExecutable(Path.of("/usr/bin", program)))
        .findFirst()
        .map(program -> program + " is not installed");
  }

  /** Runs a program to its end; it must succeed. */
  static String run(List<String> command) {
    try {
      Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
      process.getOutputStream().close();
      String output = new String(process.getInputStream().readAllBytes(), UTF_8);
      if (!process.waitFor(60, TimeUnit.SECONDS) || process.exitValue() != 0) {
        throw new IllegalStateException(String.join(" ", command) + " failed: " + output);
      }
      return output;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
  }
}
