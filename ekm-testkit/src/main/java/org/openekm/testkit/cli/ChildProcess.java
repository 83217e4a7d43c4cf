// SPDX-License-Identifier: Apache-2.0
package org.openekm.testkit.cli;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * A Java process that this one has started. It ends with {@link #close()} at the latest, or when
 * this process is told to end.
 */
final class ChildProcess implements AutoCloseable {

  private static final Duration GRACE = Duration.ofSeconds(5);
  private static final int SHOWN_LOG_LINES = 15;

  /** The small collector: short lives, few cores. */
  private static final List<String> JAVA_OPTIONS = List.of("-Xmx192m", "-XX:+UseSerialGC");

  private final String name;
  private final Process process;
  private final Path log;
  private final Thread stopAtExit;

  private ChildProcess(String name, Process process, Path log) {
    this.name = name;
    this.process = process;
    this.log = log;
    this.stopAtExit = new Thread(process::destroyForcibly, "stop " + name);
    Runtime.getRuntime().addShutdownHook(stopAtExit);
  }

  /**
   * Starts a process whose output all goes to the log.
   *
   * @param environment what it finds in its environment beside what this process does
   */
  static ChildProcess start(
      String name, Path log, List<String> arguments, Map<String, String> environment) {
    ProcessBuilder builder = builder(arguments);
    builder.environment().putAll(environment);
    return start(name, log, builder.redirectErrorStream(true).redirectOutput(log.toFile()));
  }

  /** Starts a process whose errors go to the log; its output is to be read. */
  static ChildProcess startTalking(String name, Path log, List<String> arguments) {
    return start(name, log, builder(arguments).redirectError(log.toFile()));
  }

  private static ChildProcess start(String name, Path log, ProcessBuilder builder) {
    try {
      return new ChildProcess(name, builder.start(), log);
    } catch (IOException e) {
      throw new DemoFailedException(name + " can't be started: " + e.getMessage(), e);
    }
  }

  private static ProcessBuilder builder(List<String> arguments) {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(JAVA_OPTIONS);
    command.addAll(arguments);
    return new ProcessBuilder(command);
  }

  /** Waits for the first line that the process prints. */
  String firstLine(Duration limit) {
    BufferedReader reader = process.inputReader();
    CompletableFuture<String> line = CompletableFuture.supplyAsync(() -> readLine(reader));
    try {
      return line.get(limit.toMillis(), TimeUnit.MILLISECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new DemoFailedException("interrupted", e);
    } catch (ExecutionException | TimeoutException e) {
      throw new DemoFailedException(name + " did not get ready." + logTail(), e);
    }
  }

  private static String readLine(BufferedReader reader) {
    try {
      String line = reader.readLine();
      if (line == null) {
        throw new IOException("the process ended");
      }
      return line;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Waits for the end and returns the exit code. */
  int exitCode(Duration limit) {
    try {
      if (process.waitFor(limit.toMillis(), TimeUnit.MILLISECONDS)) {
        return process.exitValue();
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    throw new DemoFailedException(name + " did not end within " + limit.toSeconds() + " s.", null);
  }

  /** Returns the CPU time that it has used so far; zero where the system does not tell. */
  Duration cpu() {
    return process.info().totalCpuDuration().orElse(Duration.ZERO);
  }

  boolean isAlive() {
    return process.isAlive();
  }

  /** Returns the last lines of the log, each on a line of its own. */
  String logTail() {
    try {
      List<String> lines = Files.readAllLines(log);
      int from = Math.max(0, lines.size() - SHOWN_LOG_LINES);
      return lines.isEmpty()
          ? " Its log is empty."
          : " The end of its log:\n  " + String.join("\n  ", lines.subList(from, lines.size()));
    } catch (IOException e) {
      return " Its log " + log + " can't be read.";
    }
  }

  /** Asks the process to end, without waiting for it. */
  void askToEnd() {
    process.destroy();
  }

  /** Asks the process to end, and ends it the hard way if it takes too long. */
  @Override
  public void close() {
    process.destroy();
    try {
      if (!process.waitFor(GRACE.toMillis(), TimeUnit.MILLISECONDS)) {
        process.destroyForcibly().waitFor();
      }
    } catch (InterruptedException e) {
      process.destroyForcibly();
      Thread.currentThread().interrupt();
    }
    try {
      Runtime.getRuntime().removeShutdownHook(stopAtExit);
    } catch (IllegalStateException e) {
      // This process is ending already; the hook does the same as we just did.
      process.destroyForcibly();
    }
  }
}
