// SPDX-License-Identifier: Apache-2.0
package org.openekm.testkit.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class JudgeCommandsTest {

  @TempDir private Path directory;
  private final StringWriter out = new StringWriter();
  private final StringWriter err = new StringWriter();

  @Test
  void conformance_list_showsEachCheckWithItsRule() {
    assertThat(run("conformance", "--list", "--only", "token.expired")).isZero();

    assertThat(out.toString())
        .contains("must", "token.expired", "A token that ended an hour ago is refused.");
  }

  @Test
  void conformance_nothingToJudge_isWrongUsage() {
    assertThat(run("conformance")).isEqualTo(2);
    assertThat(err.toString()).contains("--target", "--demo");
  }

  @Test
  void conformance_badTarget_isWrongUsageAndSaysWhatIsWrong() throws Exception {
    Path file = Files.writeString(directory.resolve("t"), "nonsense = 1\n");

    assertThat(run("conformance", "--target", file.toString())).isEqualTo(2);
    assertThat(err.toString()).contains(":1: unknown name nonsense", "docs/conformance.md");
  }

  @Test
  void conformance_demoWithoutServer_isWrongUsage() {
    assertThat(run("conformance", "--demo")).isEqualTo(2);
    assertThat(err.toString()).contains("./ekm conformance", "--server-jar");
  }

  @Test
  void load_wrongValues_areWrongUsage() {
    assertThat(run("load", "--demo", "--server-jar", existing(), "--connections", "0"))
        .isEqualTo(2);
    assertThat(err.toString()).contains("connections must be from 1");
    assertThat(run("load", "--target", directory.resolve("none").toString(), "--rate", "x"))
        .isEqualTo(2);
    assertThat(err.toString()).contains("--rate");
  }

  @Test
  void help_ofBoth_hasExamplesAndExitCodes() {
    assertThat(run("conformance", "--help")).isZero();
    assertThat(run("load", "--help")).isZero();
    assertThat(out.toString())
        .contains("ekm conformance --demo", "ekm load --demo", "Exit code: 0");
  }

  private static String existing() {
    return Path.of(System.getProperty("java.home"), "release").toString();
  }

  private int run(String... arguments) {
    return Main.commandLine()
        .setOut(new PrintWriter(out, true))
        .setErr(new PrintWriter(err, true))
        .execute(arguments);
  }
}
