// SPDX-License-Identifier: Apache-2.0
package org.openekm.server.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.databind.json.JsonMapper;

/** The completion script in a real shell. */
class CompletionCommandTest {

  @TempDir Path folder;

  @ParameterizedTest
  @CsvSource({
    "ekm vau, vault",
    "ekm key blo, block",
    "ekm key schedule, schedule-deletion",
    "ekm key list --bl, --blocked",
    "ekm app, apply",
    "ekm apply --dry, --dry-run",
    "ekm completion z, zsh",
    "ekm vault list --output j, json"
  })
  void wordBegun_inBash_isCompleted(String line, String expected) throws Exception {
    List<String> words = Arrays.asList(line.split(" ", -1));
    String script =
        """
        source '%s'
        COMP_WORDS=(%s)
        COMP_CWORD=%d
        COMP_LINE='%s'
        COMP_POINT=${#COMP_LINE}
        complete -p ekm
        _complete_ekm 2>/dev/null
        printf '%%s\\n' "${COMPREPLY[@]}"
        """
            .formatted(script("bash"), String.join(" ", words), words.size() - 1, line);
    List<String> printed = run("bash", script);
    assertThat(printed.get(0)).contains("_complete_ekm");
    assertThat(printed.subList(1, printed.size())).map(String::strip).contains(expected);
  }

  @Test
  void script_forZsh_isTakenByZsh() throws Exception {
    assumeTrue(Files.isExecutable(Path.of("/usr/bin/zsh")), "zsh is not installed");
    assertThat(run("zsh", "source '" + script("zsh") + "'; whence -w _complete_ekm"))
        .contains("_complete_ekm: function");
  }

  @Test
  void shell_unknown_isWrongUsage() {
    assertThat(Terminal.ekm("completion", "fish").exit()).isEqualTo(2);
    assertThat(Terminal.ekm("completion").exit()).isEqualTo(2);
  }

  @Test
  void json_holdsTheScript() {
    String text = Terminal.ekm("completion", "bash").good().out();
    String json = Terminal.ekm("completion", "bash", "--output", "json").good().out();
    assertThat(JsonMapper.shared().readTree(json).path("script").asString())
        .isEqualTo(text.substring(0, text.length() - System.lineSeparator().length()));
  }

  private Path script(String shell) throws IOException {
    return Files.writeString(
        folder.resolve("ekm." + shell), Terminal.ekm("completion", shell).good().out());
  }

  private List<String> run(String shell, String script) throws Exception {
    Process process =
        new ProcessBuilder(shell, "-c", script)
            .directory(folder.toFile())
            .redirectError(folder.resolve("errors").toFile())
            .start();
    String out = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertThat(process.waitFor(60, TimeUnit.SECONDS)).isTrue();
    assertThat(process.exitValue()).as(Files.readString(folder.resolve("errors"))).isZero();
    return out.lines().toList();
  }
}
