// SPDX-License-Identifier: Apache-2.0
package org.openekm.docs.pages;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * Runs every command of a page in its order.
 *
 * <p>Blocks marked {@code sh} are run as they are; {@code sh values} are replaced by values of the
 * same names that the test gives; {@code sh background} stays running; {@code sh retry} is tried
 * until it succeeds; {@code text output} is what the block before it must print, with … for
 * anything. Other blocks are left out.
 */
final class PageCommands {
  private static final String CUT = "=== block ";

  private final Page page;
  private final Path folder;

  /** Commands of the page, to be run in the folder. */
  PageCommands(Page page, Path folder) {
    this.page = page;
    this.folder = folder;
  }

  /**
   * Runs them and compares what they print with what the page says.
   *
   * @param values assignments that stand before everything else
   * @param beforeServer lines that stand before what stays running
   * @param least how many comparisons there must be
   */
  void run(List<String> values, String beforeServer, int least) throws Exception {
    writeLauncher();
    compare(run(script(values, beforeServer)), least);
  }

  /** A stand-in for the launcher of the same name: the classes just compiled, not an older jar. */
  private void writeLauncher() throws IOException {
    String classPath =
        Optional.ofNullable(System.getProperty("surefire.test.class.path"))
            .orElseGet(() -> System.getProperty("java.class.path"));
    Path java = Path.of(System.getProperty("java.home"), "bin", "java");
    // The standalone jar says this in its manifest; older Java does not know it.
    boolean callsNatively = Runtime.version().feature() >= 22;
    String nativeAccess = callsNatively ? "--enable-native-access=ALL-UNNAMED" : "";
    Path launcher =
        Files.writeString(
            folder.resolve("ekm"),
            """
            #!/usr/bin/env bash
            exec '%s' %s -Xmx256m -XX:+UseSerialGC -XX:TieredStopAtLevel=1 \\
              -cp '%s' org.openekm.server.cli.Main "$@"
            """
                .formatted(java, nativeAccess, classPath));
    Files.setPosixFilePermissions(launcher, PosixFilePermissions.fromString("rwx------"));
  }

  private String script(List<String> values, String beforeServer) {
    StringBuilder script = new StringBuilder("set -euo pipefail\nserver=\n");
    script.append("PATH=$PWD:$PATH\n");
    script.append("trap '[[ -z \"$server\" ]] || kill \"$server\"' EXIT\n");
    values.forEach(value -> script.append("export ").append(quoted(value)).append('\n'));
    List<Page.Block> blocks = page.blocks();
    for (int i = 0; i < blocks.size(); i++) {
      String block = blocks.get(i).text();
      script.append("echo '").append(CUT).append(i).append("'\n");
      switch (blocks.get(i).info()) {
        case "sh" -> script.append(block);
        case "sh background" ->
            script
                .append(beforeServer)
                .append(block.stripTrailing())
                .append(" >server.log 2>&1 &\nserver=$!\n");
        case "sh retry" -> script.append(retried(block));
        case "sh values" -> assertThat(names(block)).isSubsetOf(names(String.join("\n", values)));
        default -> assertThat(blocks.get(i).info()).as("kind of block").isNotBlank();
      }
    }
    return script.toString();
  }

  private static String retried(String block) {
    List<String> lines = block.lines().toList();
    String last = lines.get(lines.size() - 1);
    return String.join("\n", lines.subList(0, lines.size() - 1))
        + "\ntries=0\nuntil "
        + last
        + "; do\n  kill -0 \"$server\"\n  tries=$((tries + 1))\n  ((tries < 60))\n  sleep 0.5\ndone\n";
  }

  private static List<String> names(String assignments) {
    return assignments
        .lines()
        .map(line -> line.replaceAll("^export ", "").replaceAll("=.*", ""))
        .toList();
  }

  private String run(String script) throws IOException, InterruptedException {
    Path file = Files.writeString(folder.resolve("commands.sh"), script);
    Path output = folder.resolve("output.txt");
    Process process =
        new ProcessBuilder("bash", file.toString())
            .directory(folder.toFile())
            .redirectErrorStream(true)
            .redirectOutput(output.toFile())
            .start();
    try {
      int status = process.waitFor();
      Path log = folder.resolve("server.log");
      assertThat(status)
          .as(
              "exit code of the commands; they printed\n%s\nand the server\n%s",
              Files.readString(output),
              Files.exists(log) ? Files.readString(log) : "was not started")
          .isZero();
      return Files.readString(output);
    } finally {
      process.descendants().forEach(ProcessHandle::destroy);
      process.destroy();
    }
  }

  private void compare(String output, int least) {
    List<String> printed = new ArrayList<>(Arrays.asList(output.split(CUT + "\\d+\\n", -1)));
    printed.remove(0);
    List<Page.Block> blocks = page.blocks();
    int compared = 0;
    for (int i = 1; i < blocks.size(); i++) {
      if (blocks.get(i).info().equals("text output")) {
        assertThat(printed.get(i - 1))
            .as("output of%n%s", blocks.get(i - 1).text())
            .matches(pattern(blocks.get(i).text()));
        compared++;
      }
    }
    assertThat(compared).isGreaterThanOrEqualTo(least);
  }

  private static Pattern pattern(String expected) {
    String regex =
        Arrays.stream(expected.split("…", -1))
            .map(Pattern::quote)
            .collect(Collectors.joining(".*"));
    return Pattern.compile(regex, Pattern.DOTALL);
  }

  static String quoted(String text) {
    return "'" + text.replace("'", "'\\''") + "'";
  }

  /** Returns true if the program can be run. */
  static boolean present(String program) {
    return Arrays.stream(System.getenv("PATH").split(":", -1))
        .anyMatch(directory -> Files.isExecutable(Path.of(directory, program)));
  }
}
