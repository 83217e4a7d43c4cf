// SPDX-License-Identifier: Apache-2.0
package org.openekm.spi;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class SecretReferenceTest {

  @Test
  void parse_fileAndEnv_keepTheirText() {
    assertThat(SecretReference.parse("${file:/etc/ekm/kek}")).hasToString("${file:/etc/ekm/kek}");
    assertThat(SecretReference.parse("${env:EKM_PIN}").location()).isEqualTo("EKM_PIN");
  }

  @ParameterizedTest
  @ValueSource(strings = {"hunter2", "${vault:x}", "${file:}", "${file:/a", ""})
  void parse_secretItself_isRefusedWithoutRepeatingIt(String text) {
    assertThatThrownBy(() -> SecretReference.parse(text))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("must be ${file:PATH} or ${env:NAME}, not the secret itself");
  }

  @ParameterizedTest
  @CsvSource({"250ms,PT0.25S", "5s,PT5S", "10m,PT10M", "24h,PT24H", "7d,PT168H", "0s,PT0S"})
  void durations_knownUnits_areRead(String text, Duration expected) {
    assertThat(Durations.parse(text)).isEqualTo(expected);
  }

  @ParameterizedTest
  @ValueSource(strings = {"5", "s", "-5s", "5 s", "1.5h", "9999999999s", "5S"})
  void durations_otherForms_areRefused(String text) {
    assertThatThrownBy(() -> Durations.parse(text)).isInstanceOf(IllegalArgumentException.class);
  }
}
