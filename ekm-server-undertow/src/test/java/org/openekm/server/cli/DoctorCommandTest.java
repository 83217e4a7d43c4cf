// SPDX-License-Identifier: Apache-2.0
package org.openekm.server.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What would keep a server from working is told without starting it. */
class DoctorCommandTest {

  @TempDir Path directory;

  private final StringWriter out = new StringWriter();
  private final StringWriter err = new StringWriter();
  private Path config;

  @BeforeEach
  void init() {
    Path folder = directory.resolve("ekm");
    assertThat(run("init", folder.toString(), "--host", "127.0.0.1")).isZero();
    out.getBuffer().setLength(0);
    config = folder.resolve("ekm.yaml");
  }

  @Test
  void goodConfiguration_isOk() {
    assertThat(run("doctor", "--config", config.toString())).isZero();

    assertThat(out.toString()).contains("ok    configuration", "ok    backend main: ");
  }

  @Test
  void json_hasEachBackend() {
    assertThat(run("doctor", "--config", config.toString(), "--output", "json")).isZero();

    assertThat(out.toString()).startsWith("{\"healthy\":true,\"backends\":{\"main\":{");
  }

  @Test
  void wrongSettings_areToldWithTheirLines() throws Exception {
    Files.writeString(config, Files.readString(config).replace("keystore:", "keystroe:"));

    assertThat(run("doctor", "--config", config.toString())).isEqualTo(1);

    assertThat(err.toString()).contains("keystroe", "line ");
  }

  @Test
  void deviceThatIsNotThere_fails() throws Exception {
    String yaml = Files.readString(config);
    int from = yaml.indexOf("    type: software");
    int to = yaml.indexOf("\n\n", from);
    Files.writeString(
        config,
        yaml.substring(0, from)
            + "    type: pkcs11\n    module: /nowhere/libhsm.so\n    token:\n      label: x"
            + yaml.substring(to));

    assertThat(run("doctor", "--config", config.toString())).isEqualTo(1);

    assertThat(err.toString()).contains("/nowhere/libhsm.so");
  }

  private int run(String... arguments) {
    return Main.commandLine()
        .setOut(new PrintWriter(out, true))
        .setErr(new PrintWriter(err, true))
        .execute(arguments);
  }
}
