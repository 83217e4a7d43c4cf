// SPDX-License-Identifier: Apache-2.0
package org.openekm.server.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

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

    JsonNode report = JsonMapper.shared().readTree(out.toString());
    assertThat(report.path("healthy").asBoolean()).isTrue();
    assertThat(report.path("findings"))
        .anySatisfy(
            finding -> {
              assertThat(finding.path("check").asString()).isEqualTo("backend main");
              assertThat(finding.path("status").asString()).isEqualTo("ok");
            });
  }

  @Test
  void wrongSettings_areToldWithTheirLines() throws Exception {
    Files.writeString(config, Files.readString(config).replace("keystore:", "keystroe:"));

    assertThat(run("doctor", "--config", config.toString())).isEqualTo(1);

    assertThat(out.toString()).contains("FAIL  backends", "keystroe", "line ");
  }

  @Test
  void unknownSection_isToldAsConfiguration() throws Exception {
    replace("store:", "sture:");

    assertThat(run("doctor", "--config", config.toString())).isEqualTo(1);

    assertThat(out.toString()).startsWith("FAIL  configuration: ").contains("sture", "line ");
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

    assertThat(out.toString()).contains("FAIL  backends", "/nowhere/libhsm.so");
  }

  @Test
  void folderOfTheAudit_thatNobodyCanWriteTo_fails() throws Exception {
    replace("${here}/audit/audit.log", "/proc/audit.log");

    assertThat(run("doctor", "--config", config.toString())).isEqualTo(1);

    assertThat(out.toString()).contains("FAIL  audit disk: /proc can't be written");
  }

  @Test
  void folderOfTheStore_thatIsNotThere_fails() throws Exception {
    replace("${here}/data/ekm.db", "${here}/nowhere/ekm.db");

    assertThat(run("doctor", "--config", config.toString())).isEqualTo(1);

    assertThat(out.toString()).containsPattern("FAIL  store disk: .*/nowhere is not a folder");
  }

  @Test
  void damagedStore_fails() throws Exception {
    Files.writeString(config.resolveSibling("data/ekm.db"), "not a database".repeat(1000));

    assertThat(run("doctor", "--config", config.toString())).isEqualTo(1);

    assertThat(out.toString()).contains("FAIL  store: ");
  }

  @Test
  void nothingButItsFindings_staysBehind() throws Exception {
    run("doctor", "--config", config.toString());

    assertThat(config.resolveSibling("data/ekm.db")).doesNotExist();
    try (Stream<Path> audit = Files.list(config.resolveSibling("audit"))) {
      assertThat(audit).isEmpty();
    }
  }

  private void replace(String old, String with) throws Exception {
    String yaml = Files.readString(config);
    assertThat(yaml).contains(old);
    Files.writeString(config, yaml.replace(old, with));
  }

  private int run(String... arguments) {
    return Main.commandLine()
        .setOut(new PrintWriter(out, true))
        .setErr(new PrintWriter(err, true))
        .execute(arguments);
  }
}
