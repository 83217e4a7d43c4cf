// SPDX-License-Identifier: Apache-2.0
package org.openekm.docs.pages;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Locale;
import org.junit.jupiter.api.Test;
import org.openekm.hsm.kmip.KmipProfile;

/** docs/kmip-vendors.md tells of every profile. */
final class KmipPagesTest {

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
