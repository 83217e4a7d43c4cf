// SPDX-License-Identifier: Apache-2.0
package org.openekm.api;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class DeadlineTest {

  private final AtomicLong now = new AtomicLong(Long.MAX_VALUE - 5);
  private final Deadline deadline = Deadline.after(Duration.ofNanos(100), now::get);

  @Test
  void remaining_clockWrapsAround_countsOn() {
    now.addAndGet(60);
    assertThat(deadline.remaining()).isEqualTo(Duration.ofNanos(40));
    assertThat(deadline.expired()).isFalse();
  }

  @Test
  void expired_atTheDeadline_isTrue() {
    now.addAndGet(100);
    assertThat(deadline.expired()).isTrue();
    assertThat(deadline.remaining()).isZero();
    now.addAndGet(50);
    assertThat(deadline.remaining()).isZero();
    assertThat(deadline.remainingNanos()).isEqualTo(-50);
  }

  @Test
  void atMost_shorterLimit_isTighter() {
    assertThat(deadline.atMost(Duration.ofNanos(10)).remainingNanos()).isEqualTo(10);
  }

  @Test
  void atMost_longerLimit_staysTheSame() {
    assertThat(deadline.atMost(Duration.ofSeconds(1))).isSameAs(deadline);
  }

  @Test
  void after_negativeBudget_isRefused() {
    assertThatThrownBy(() -> Deadline.after(Duration.ofNanos(-1), now::get))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("zero or more");
  }
}
