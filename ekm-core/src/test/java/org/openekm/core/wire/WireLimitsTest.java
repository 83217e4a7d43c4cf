// SPDX-License-Identifier: Apache-2.0
package org.openekm.core.wire;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.openekm.spi.ConfigurationProblem;
import org.openekm.spi.InvalidConfigurationException;

final class WireLimitsTest {

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "1000,1,1,1,1|maxBodyBytes",
        "16777217,1,1,1,1|maxBodyBytes",
        "2048,0,1,1,1|maxPlaintextBytes",
        "2048,2049,1,1,1|maxPlaintextBytes",
        "2048,1,-1,1,1|maxAadBytes",
        "2048,1,2049,1,1|maxAadBytes",
        "2048,1,1,0,1|maxRandomBytes",
        "2048,1,1,1025,1|maxRandomBytes",
        "2048,1,1,1,0|maxDepth",
        "2048,1,1,1,65|maxDepth"
      })
  void new_valueOutOfRange_isRefusedByName(String values, String field) {
    int[] v = Stream.of(values.split(",")).mapToInt(Integer::parseInt).toArray();

    InvalidConfigurationException refusal =
        catchThrowableOfType(
            InvalidConfigurationException.class,
            () -> new WireLimits(v[0], v[1], v[2], v[3], v[4]));

    assertThat(refusal.problems()).extracting(ConfigurationProblem::field).containsExactly(field);
  }

  @Test
  void new_everythingWrong_isReportedAtOnce() {
    InvalidConfigurationException refusal =
        catchThrowableOfType(
            InvalidConfigurationException.class, () -> new WireLimits(0, -1, -1, 0, 0));

    assertThat(refusal.problems())
        .extracting(ConfigurationProblem::field)
        .containsExactly(
            "maxBodyBytes", "maxPlaintextBytes", "maxAadBytes", "maxRandomBytes", "maxDepth");
  }

  @Test
  void defaults_areThoseOfTheContract() {
    assertThat(WireLimits.defaults()).isEqualTo(new WireLimits(262_144, 65_536, 65_536, 1024, 16));
  }
}
