// SPDX-License-Identifier: Apache-2.0
package org.openekm.testkit.fake;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.Test;
import org.openekm.api.Deadline;

class ManualClockTest {

  private static final Instant START = Instant.parse("2026-01-01T00:00:00Z");

  private final ManualClock clock = new ManualClock(START);

  @Test
  void advance_movesBothClocks() {
    long before = clock.nanos();

    clock.advance(Duration.ofMillis(1500));

    assertThat(clock.instant()).isEqualTo(START.plusMillis(1500));
    assertThat(clock.nanos() - before).isEqualTo(1_500_000_000L);
  }

  @Test
  void jumpWallClock_back_leavesMonotonicTime() {
    clock.advance(Duration.ofSeconds(10));
    long before = clock.nanos();

    clock.jumpWallClock(Duration.ofHours(-1));

    assertThat(clock.instant()).isEqualTo(START.plusSeconds(10).minusSeconds(3600));
    assertThat(clock.nanos()).isEqualTo(before);
  }

  @Test
  void advance_negative_isRefused() {
    assertThatThrownBy(() -> clock.advance(Duration.ofNanos(-1)))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("jumpWallClock");
  }

  @Test
  void deadline_onManualClock_expiresExactlyThen() {
    Deadline deadline = Deadline.after(Duration.ofMillis(700), clock);

    clock.advance(Duration.ofMillis(699));
    assertThat(deadline.expired()).isFalse();
    clock.advance(Duration.ofMillis(1));
    assertThat(deadline.expired()).isTrue();
  }
}
