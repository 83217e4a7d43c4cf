// SPDX-License-Identifier: Apache-2.0
package org.openekm.docs.pages;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.openekm.hsm.kmip.KmipProfile;
import org.openekm.testkit.fake.Ports;
import org.openekm.testkit.kmip.FakeKmipServer;
import org.openekm.testkit.kmip.KmipAuthority;
import org.openekm.testkit.kmip.KmipServerOptions;

/** docs/kmip.md works as it stands, and docs/kmip-vendors.md tells of every profile. */
final class KmipPagesTest {

  @TempDir Path folder;

  @Test
  @Tag("once")
  @Timeout(180)
  void walkThrough_doesWhatThePageSays() throws Exception {
    KmipAuthority authority = new KmipAuthority();
    authority.writeCa(folder.resolve("ca.pem"));
    KmipAuthority.PemFiles unused = KmipAuthority.write(authority.client("ekm"), folder, "client");
    try (FakeKmipServer server = FakeKmipServer.start(authority, KmipServerOptions.right())) {
      List<String> values =
          List.of(
              "KMS_HOST=localhost",
              "KMS_PORT=" + server.port(),
              "EKM_PORT=" + Ports.free(),
              "EKM_ADMIN_PORT=" + Ports.free(),
              "LC_ALL=C");

      new PageCommands(Page.read("docs/kmip.md").section("## A first look"), folder)
          .run(values, "", 3);
      assertThat(server.keysIn(5)).as("the probe's key, destroyed").isOne();
    }
  }

  @Test
  void everyProfile_hasASectionThatSaysHowFarItWasTried() {
    Page page = Page.read("docs/kmip-vendors.md");
    for (String name : KmipProfile.NAMES) {
      KmipProfile profile = KmipProfile.named(name).orElseThrow();
      String section = page.section("## `" + name + "`").text();

      assertThat(section)
          .as(name)
          .contains(
              profile.title(), "**" + profile.evidence().name().toLowerCase(Locale.ROOT) + "**");
      profile.note().ifPresent(note -> assertThat(section).contains(note));
      profile
          .settings()
          .forEach((key, value) -> assertThat(section).contains("`" + key + ": " + value + "`"));
    }
  }
}
