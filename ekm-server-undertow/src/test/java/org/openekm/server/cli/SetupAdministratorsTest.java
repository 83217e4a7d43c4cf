// SPDX-License-Identifier: Apache-2.0
package org.openekm.server.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.openekm.server.cli.SetupTest.SETUP;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.openekm.server.cli.Terminal.Run;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Administrators in a set-up file: compared and told, never granted anything. */
@Tag("once")
class SetupAdministratorsTest {

  @TempDir Path folder;
  private Terminal terminal;

  @BeforeEach
  void start() {
    terminal = Terminal.start(folder.resolve("ekm"));
  }

  @AfterEach
  void stop() {
    terminal.close();
  }

  @Test
  void exportApplyExport_administrators_giveTheSameTextOnceTheCommandsShownAreRun()
      throws Exception {
    terminal.manage("apply", "-f", write(SETUP).toString(), "--yes").good();
    String credential =
        json(terminal.manage(
                "admin",
                "add",
                "kim",
                "--grant",
                "view",
                "--grant",
                "block@payments",
                "-o",
                "json"))
            .path("credential")
            .asString();
    terminal.manage("admin", "add", "paper").good();
    Path first = folder.resolve("first.yaml");
    terminal.manage("export", "-f", first.toString()).good();
    assertThat(credential).startsWith("ekm.");
    assertThat(Files.readString(first))
        .endsWith(
            """
            administrators:
              kim:
                grants:
                  - "block@payments"
                  - view
              paper:
                grants: []
            """)
        .doesNotContain(credential.substring(credential.lastIndexOf('.') + 1));

    try (Terminal other = Terminal.start(folder.resolve("other"))) {
      Run made = other.manage("apply", "-f", first.toString(), "--yes").good();
      assertThat(made.out())
          .contains("! administrator kim", "ekm admin add kim --grant block@payments --grant view")
          .contains("! administrator paper", "ekm admin add paper");
      assertThat(other.manage("admin", "list").out()).contains("none");
      other.manage("admin", "add", "kim", "--grant", "block@payments", "--grant", "view").good();
      other.manage("admin", "add", "paper").good();

      assertThat(other.manage("export").good().out()).isEqualTo(Files.readString(first));
      assertThat(other.manage("apply", "-f", first.toString()).good().out())
          .contains("= administrator kim", "Nothing to do.")
          .doesNotContain("! ");
    }
  }

  @Test
  void apply_oldFileWithGrantsTakenAwaySince_givesNoneBack() throws Exception {
    terminal.manage("apply", "-f", write(SETUP).toString(), "--yes").good();
    terminal.manage("admin", "add", "kim", "--grant", "view", "--grant", "create").good();
    Path old = folder.resolve("old.yaml");
    terminal.manage("export", "-f", old.toString()).good();
    terminal.manage("admin", "revoke", "kim", "create").good();
    terminal.manage("admin", "grant", "kim", "block@archive").good();
    String revision = revision();

    Run run = terminal.manage("apply", "-f", old.toString(), "--yes").good();

    assertThat(run.out())
        .contains("! grants: block@archive, view, not create, view as in the file;")
        .contains("ekm admin grant kim create; ekm admin revoke kim block@archive");
    assertThat(revision()).isEqualTo(revision);
    JsonNode dry = json(terminal.manage("apply", "-f", old.toString(), "--dry-run", "-o", "json"));
    assertThat(dry.toString()).contains("ekm admin grant kim create");
  }

  @Test
  void apply_grantsThatAreNone_areToldWithTheirLines() throws Exception {
    Path wrong =
        write(
            """
            administrators:
              kim:
                grants: [destroy, "view@nowhere", "view@"]
              "a; b":
                grants: [view]
            """);

    Run run = terminal.manage("apply", "-f", wrong.toString(), "--yes");

    assertThat(run.exit()).isEqualTo(1);
    assertThat(run.err())
        .contains("line 3, column 5: administrators.kim.grants must hold verbs")
        .contains("administrators.kim.grants names nowhere, which is neither")
        .contains("administrators.a; b must have 1 to 64 letters");
  }

  private String revision() {
    return json(terminal.manage("status", "--output", "json")).path("revision").asString();
  }

  private static JsonNode json(Run run) {
    return JsonMapper.shared().readTree(run.out());
  }

  private Path write(String text) throws IOException {
    return Files.writeString(folder.resolve("vaults.yaml"), text);
  }
}
