// SPDX-License-Identifier: Apache-2.0
package org.openekm.testkit.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.PrintWriter;
import java.io.StringWriter;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Options that don't go together are told before anything is started. */
class LoadCommandTest {

  @ParameterizedTest
  @ValueSource(
      strings = {
        "load --demo --compare b.properties",
        "load --self-check --compare b.properties",
        "load --target a.properties --compare b.properties --search 250",
        "load --target a.properties --compare b.properties --rounds 0"
      })
  void compare_withWhatDoesNotFit_isWrongUsage(String line) {
    StringWriter err = new StringWriter();

    int exitCode =
        Main.commandLine().setErr(new PrintWriter(err, true)).execute(line.split(" ", -1));

    assertThat(exitCode).isEqualTo(2);
    assertThat(err.toString()).containsAnyOf("--compare goes with --target", "--rounds must be");
  }
}
