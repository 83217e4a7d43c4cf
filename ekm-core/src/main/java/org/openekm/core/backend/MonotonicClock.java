// SPDX-License-Identifier: Apache-2.0
package org.openekm.core.backend;

import java.time.Clock;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import org.openekm.api.NanoClock;

/**
 * Shows a monotonic clock as the kind of clock that the circuit breaker asks for; its dates mean
 * nothing.
 */
final class MonotonicClock extends Clock {

  private final NanoClock nanoClock;
  private final long origin;

  MonotonicClock(NanoClock nanoClock) {
    this.nanoClock = nanoClock;
    this.origin = nanoClock.nanos();
  }

  @Override
  public Instant instant() {
    return Instant.ofEpochSecond(0, nanoClock.nanos() - origin);
  }

  @Override
  public ZoneId getZone() {
    return ZoneOffset.UTC;
  }

  @Override
  public Clock withZone(ZoneId zone) {
    return this;
  }
}
