// SPDX-License-Identifier: Apache-2.0
package org.openekm.testkit.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

class DemoCommandTest {

  @TempDir private Path directory;
  private final StringWriter out = new StringWriter();
  private final StringWriter err = new StringWriter();

  @Test
  void help_ofTheKit_listsTheDemoAndNothingHiddenOrUnfinished() {
    assertThat(run("--help")).isZero();

    assertThat(out.toString())
        .contains("demo")
        .contains("conformance", "load", "drill")
        .doesNotContain("identity-domain");
  }

  @Test
  void help_ofTheDemo_hasAnExampleAndTheExitCodes() {
    assertThat(run("demo", "--help")).isZero();

    assertThat(out.toString()).contains("ekm demo --output json", "Exit code: 0");
  }

  @Test
  void demo_noServerJar_isWrongUsageAndSaysWhatToDo() {
    assertThat(run("demo")).isEqualTo(2);

    assertThat(err.toString()).contains("./ekm demo", "--server-jar");
  }

  @Test
  void demo_unknownFormat_isWrongUsage() {
    assertThat(run("demo", "--output", "xml")).isEqualTo(2);
  }

  @Test
  void demo_serverFails_failsAndShowsTheEndOfItsLog() throws Exception {
    Path jar = PathingJar.write(directory.resolve("server.jar"), BrokenServer.class);

    assertThat(run("demo", "--server-jar", jar.toString())).isEqualTo(1);

    assertThat(out.toString())
        .contains("ekm init ended with exit code 3", "the disk is full, said to init")
        .contains("FAIL: 0 of 0 steps");
  }

  @Test
  void demo_keepAndJson_saysWhereTheFolderIs() throws Exception {
    Path jar = PathingJar.write(directory.resolve("server.jar"), BrokenServer.class);

    assertThat(run("demo", "-o", "json", "--keep", "--server-jar", jar.toString())).isEqualTo(1);

    JsonNode report = JsonMapper.shared().readTree(out.toString());
    assertThat(report.path("result").asString()).isEqualTo("FAIL");
    Path kept = Path.of(report.path("folder").asString());
    try (Stream<Path> files = Files.list(kept)) {
      assertThat(files.map(Path::getFileName).map(Path::toString))
          .contains("command.log", "identity-domain.log");
    }
    DemoCommand.delete(kept);
  }

  private int run(String... arguments) {
    return Main.commandLine()
        .setOut(new PrintWriter(out, true))
        .setErr(new PrintWriter(err, true))
        .execute(arguments);
  }
}
