// SPDX-License-Identifier: Apache-2.0
package org.openekm.spi;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.openekm.api.KeyState;

class SettingsTest {

  @Test
  void finish_everythingRead_passes() {
    Settings settings =
        Settings.of(
            Map.of(
                "path",
                "/x",
                "size",
                "8",
                "fast",
                "true",
                "wait",
                "250ms",
                "state",
                "pre-active",
                "members.0",
                "a",
                "members.1",
                "b"));
    assertThat(settings.requiredText("path", "")).isEqualTo("/x");
    assertThat(settings.integer("size", 1, 1, 10)).isEqualTo(8);
    assertThat(settings.flag("fast", false)).isTrue();
    assertThat(settings.duration("wait", Duration.ZERO)).isEqualTo(Duration.ofMillis(250));
    assertThat(settings.choice("state", KeyState.class, KeyState.ACTIVE))
        .isEqualTo(KeyState.PRE_ACTIVE);
    assertThat(settings.list("members")).containsExactly("a", "b");
    assertThatCode(settings::finish).doesNotThrowAnyException();
  }

  @Test
  void finish_severalProblems_reportsThemAll() {
    Settings settings =
        Settings.of(
            Map.of(
                "size",
                "11",
                "fast",
                "yes",
                "wait",
                "5 minutes",
                "state",
                "dead",
                "colour",
                "red"));
    settings.requiredText("path", "give a path");
    settings.integer("size", 1, 1, 10);
    settings.flag("fast", false);
    settings.duration("wait", Duration.ZERO);
    settings.choice("state", KeyState.class, KeyState.ACTIVE);
    InvalidConfigurationException e =
        catchThrowableOfType(InvalidConfigurationException.class, settings::finish);
    assertThat(e.problems())
        .extracting(ConfigurationProblem::field)
        .containsExactly("path", "size", "fast", "wait", "state", "colour");
    assertThat(e).hasMessageContaining("size: must be a whole number from 1 to 10");
  }

  @Test
  void under_prefix_isPutBeforeTheField() {
    assertThat(new ConfigurationProblem("path", "is missing", "give one").under("store").field())
        .isEqualTo("store.path");
  }

  @Test
  void text_blank_isAbsent() {
    assertThat(Settings.of(Map.of("a", "  ")).text("a")).isEmpty();
  }
}
