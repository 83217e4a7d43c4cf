// SPDX-License-Identifier: Apache-2.0
package org.openekm.core.admin;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.openekm.testkit.fake.ManualClock;

final class RefusedLoginsTest {

  private final ManualClock clock = new ManualClock();
  private final RefusedLogins logins = new RefusedLogins(clock);

  @Test
  void flood_isCutOffForTheRestOfTheMinute_andTheNextTellsHowManyWereLeftOut() {
    for (int i = 0; i < RefusedLogins.PER_MINUTE; i++) {
      assertThat(logins.next()).hasValue(0);
    }
    clock.advance(Duration.ofSeconds(59));
    for (int i = 0; i < 1000; i++) {
      assertThat(logins.next()).isEmpty();
    }
    clock.advance(Duration.ofSeconds(1));
    assertThat(logins.next()).hasValue(1000);
    assertThat(logins.next()).hasValue(0);
  }
}
