// SPDX-License-Identifier: Apache-2.0
package org.openekm.core.auth;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.openekm.spi.ConfigurationProblem;
import org.openekm.spi.InvalidConfigurationException;

class TokenCheckConfigTest {

  @Test
  void defaults_areTheDocumentedOnes() {
    TokenCheckConfig config = TokenCheckConfig.defaults();
    assertThat(config.clockSkew()).hasSeconds(60);
    assertThat(config.staleBound()).hasHours(24);
    assertThat(config.maxTokenLength()).isEqualTo(16 * 1024);
    assertThat(config.allowLoopbackHttp()).isFalse();
  }

  @Test
  void build_severalValuesOutOfRange_reportsThemAll() {
    TokenCheckConfig.Builder builder =
        TokenCheckConfig.builder()
            .clockSkew(Duration.ofHours(1))
            .cacheSize(-1)
            .refreshInterval(Duration.ZERO)
            .staleBound(Duration.ofDays(8))
            .unknownKeyInterval(Duration.ZERO)
            .maxTokenLength(10)
            .fetchTimeout(Duration.ofMinutes(2));
    InvalidConfigurationException refused =
        catchThrowableOfType(InvalidConfigurationException.class, builder::build);
    assertThat(refused.problems())
        .extracting(ConfigurationProblem::field)
        .containsExactly(
            "clock-skew",
            "cache-size",
            "refresh-interval",
            "stale-bound",
            "unknown-key-interval",
            "max-token-length",
            "fetch-timeout");
  }

  @Test
  void build_staleBoundBelowRefreshInterval_isRefused() {
    TokenCheckConfig.Builder builder =
        TokenCheckConfig.builder()
            .refreshInterval(Duration.ofHours(2))
            .staleBound(Duration.ofHours(1));
    assertThatThrownBy(builder::build).hasMessageContaining("stale-bound");
  }

  @Test
  void build_withoutRequiredParts_isRefused() {
    assertThatThrownBy(() -> JwtTokenVerifier.builder().build())
        .isInstanceOf(NullPointerException.class);
  }
}
