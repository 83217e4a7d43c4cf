// SPDX-License-Identifier: Apache-2.0
package org.openekm.docs.pages;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.openekm.hsm.pkcs11.VendorProfile;
import org.openekm.testkit.fake.Ports;

/** docs/hsm.md works as it stands, and docs/hsm-vendors.md tells of every profile. */
@Tag("once")
final class HsmPagesTest {
  @TempDir Path folder;

  @Test
  @Timeout(value = 3, unit = TimeUnit.MINUTES)
  void walkThrough_doesWhatThePageSays() throws Exception {
    assumeTrue(
        PageCommands.present("softhsm2-util")
            && Files.exists(Path.of("/usr/lib/softhsm/libsofthsm2.so")),
        "SoftHSM is not installed");
    List<String> values =
        List.of("EKM_PORT=" + Ports.free(), "EKM_ADMIN_PORT=" + Ports.free(), "LC_ALL=C");

    new PageCommands(Page.read("docs/hsm.md").section("## A first token"), folder)
        .run(values, "", 4);
  }

  @Test
  void everyProfile_hasASectionThatSaysHowFarItWasTried() {
    Page page = Page.read("docs/hsm-vendors.md");
    for (String name : VendorProfile.NAMES) {
      VendorProfile profile = VendorProfile.named(name).orElseThrow();
      String section = page.section("## `" + name + "`").text();

      assertThat(section)
          .as(name)
          .contains(
              profile.title(), "**" + profile.evidence().name().toLowerCase(Locale.ROOT) + "**");
      profile
          .settings()
          .forEach((key, value) -> assertThat(section).contains("`" + key + ": " + value + "`"));
    }
  }
}
