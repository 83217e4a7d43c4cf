// SPDX-License-Identifier: Apache-2.0
package org.openekm.core.internal.io;

import java.io.BufferedReader;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/**
 * Runs a main class in a Java process of its own and kills it, as {@code kill -9} does, after it
 * has said enough.
 */
public final class KilledProcess {

  private KilledProcess() {}

  /**
   * Kills the process as soon as it has written so many lines.
   *
   * @return all whole lines that it has written, at least {@code lines}
   */
  public static List<String> run(Class<?> main, List<String> arguments, int lines)
      throws IOException {
    List<String> command = new ArrayList<>();
    command.add(System.getProperty("java.home") + "/bin/java");
    command.addAll(
        List.of(
            "-XX:TieredStopAtLevel=1", "-Xmx128m", "-cp", System.getProperty("java.class.path")));
    command.add(main.getName());
    command.addAll(arguments);
    Process process =
        new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.INHERIT).start();
    try (BufferedReader out = process.inputReader()) {
      StringBuilder said = new StringBuilder();
      int count = 0;
      for (int c = out.read(); c >= 0; c = out.read()) {
        said.append((char) c);
        if (c == '\n' && ++count == lines) {
          // The process's own method would also close the stream that we read.
          process.toHandle().destroyForcibly();
        }
      }
      if (count < lines) {
        throw new IOException("the process ended by itself after " + count + " lines");
      }
      String whole = said.substring(0, said.lastIndexOf("\n"));
      return List.of(whole.split("\n"));
    } finally {
      process.destroyForcibly();
    }
  }
}
