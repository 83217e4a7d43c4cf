// SPDX-License-Identifier: Apache-2.0
package org.openekm.docs.pages;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.openekm.docs.structure.SourceTree;
import org.openekm.testkit.fake.Ports;

/** docs/admin-api.md: its commands, and its table of problems held against docs/openapi.yaml. */
@Tag("once")
final class AdminApiPageTest {
  private static final Page PAGE = Page.read("docs/admin-api.md");
  private static final String TYPE = "urn:openekm:problem:";

  @TempDir Path folder;

  @Test
  @Timeout(value = 5, unit = TimeUnit.MINUTES)
  void commandsOfThePage_doWhatThePageSays() throws Exception {
    assumeTrue(
        PageCommands.present("bash") && PageCommands.present("curl"),
        "bash or curl is not installed");
    List<String> values = List.of("EKM_PORT=" + Ports.free(), "EKM_ADMIN_PORT=" + Ports.free());

    new PageCommands(PAGE, folder).run(values, "", 9);
  }

  @Test
  void problems_areThoseOfTheDocument() {
    List<String> documented = new ArrayList<>();
    SourceTree.text(SourceTree.root().resolve("docs/openapi.yaml"))
        .lines()
        .map(String::strip)
        .filter(line -> line.startsWith("- " + TYPE))
        .forEach(line -> documented.add(line.substring(("- " + TYPE).length())));

    assertThat(
            PAGE.table("Type `" + TYPE + "`", "Status", "Means", "What you do")
                .column("Type `" + TYPE + "`"))
        .map(Page::code)
        .containsExactlyInAnyOrderElementsOf(documented);
  }
}
