// SPDX-License-Identifier: Apache-2.0
package org.openekm.spi.backend;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class BackendTypesTest {

  @ParameterizedTest
  @ValueSource(strings = {"", "a\n", "\u00e4"})
  void backendKeyRef_otherCharacters_isRefused(String text) {
    assertThatThrownBy(() -> new BackendKeyRef(text)).isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void backendKeyRef_513Characters_isRefused() {
    assertThat(new BackendKeyRef("x".repeat(512)).value()).hasSize(512);
    assertThatThrownBy(() -> new BackendKeyRef("x".repeat(513)))
        .isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void capabilities_noConcurrency_isRefused() {
    assertThatThrownBy(
            () -> new Capabilities(Capabilities.IvSource.HOST, 1, 0, Set.of(32), Set.of(), 0))
        .isInstanceOf(IllegalArgumentException.class);
  }
}
