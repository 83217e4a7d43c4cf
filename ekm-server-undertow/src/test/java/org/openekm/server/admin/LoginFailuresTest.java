// SPDX-License-Identifier: Apache-2.0
package org.openekm.server.admin;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.openekm.testkit.fake.ManualClock;

class LoginFailuresTest {

  private final ManualClock clock = new ManualClock();
  private final LoginFailures failures = new LoginFailures(3, clock);

  @Test
  void waitOf_afterTooManyFailures_isTheRestOfTheMinuteAndForThatAddressOnly() throws Exception {
    fail("192.0.2.1", 2);
    assertThat(wait("192.0.2.1")).isZero();
    clock.advance(Duration.ofSeconds(20));
    fail("192.0.2.1", 1);
    assertThat(wait("192.0.2.1")).isEqualTo(Duration.ofSeconds(40));
    assertThat(wait("192.0.2.2")).isZero();
    clock.advance(Duration.ofSeconds(40));
    assertThat(wait("192.0.2.1")).isZero();
  }

  @Test
  void failed_afterTheMinute_beginsToCountAnew() throws Exception {
    fail("192.0.2.1", 3);
    clock.advance(Duration.ofSeconds(60));
    fail("192.0.2.1", 2);
    assertThat(wait("192.0.2.1")).isZero();
    fail("192.0.2.1", 1);
    assertThat(wait("192.0.2.1")).isEqualTo(Duration.ofSeconds(60));
  }

  @Test
  void waitOf_wallClockJumps_isTheSame() throws Exception {
    fail("192.0.2.1", 3);
    clock.jumpWallClock(Duration.ofDays(1));
    assertThat(wait("192.0.2.1")).isEqualTo(Duration.ofSeconds(60));
  }

  @Test
  void ipv6_countsByTheFirst64Bits() throws Exception {
    fail("2001:db8:0:1::1", 2);
    fail("2001:db8:0:1:ffff::2", 1);
    assertThat(wait("2001:db8:0:1:1::3")).isPositive();
    assertThat(wait("2001:db8:0:2::1")).isZero();
  }

  @Test
  void manyAddresses_areForgottenOldestFirst() throws Exception {
    fail("192.0.2.1", 3);
    for (int i = 0; i < 10_000; i++) {
      failures.failed(InetAddress.getByAddress(new byte[] {10, 0, (byte) (i >> 8), (byte) i}));
    }
    assertThat(wait("192.0.2.1")).isZero();
    fail("10.0.39.15", 2);
    assertThat(wait("10.0.39.15")).isPositive();
  }

  @Test
  void noLimit_neverWaits() throws Exception {
    LoginFailures none = new LoginFailures(0, clock);
    for (int i = 0; i < 100; i++) {
      none.failed(InetAddress.getByName("192.0.2.1"));
    }
    assertThat(none.waitOf(InetAddress.getByName("192.0.2.1"))).isZero();
  }

  private void fail(String address, int times) throws UnknownHostException {
    for (int i = 0; i < times; i++) {
      failures.failed(InetAddress.getByName(address));
    }
  }

  private Duration wait(String address) throws UnknownHostException {
    return failures.waitOf(InetAddress.getByName(address));
  }
}
