// SPDX-License-Identifier: Apache-2.0
package org.openekm.core;

import java.time.Duration;
import org.openekm.core.audit.AuditLogConfig;
import org.openekm.core.auth.TokenCheckConfig;
import org.openekm.core.wire.WireLimits;

/**
 * The engine's numbers. Immutable; {@link #defaults()} suits one server of moderate load.
 *
 * @param stalenessBound how old the view of a shared metadata store may be, above zero; a request
 *     past it waits for a fresh one
 * @param pollInterval how often a shared metadata store is asked for news, above zero; an exclusive
 *     store is never asked
 * @param audit how long a call waits for its audit record, and how many may wait
 * @param tokens how tokens and their keys are handled
 * @param limits the sizes of requests
 */
public record EngineConfig(
    Duration stalenessBound,
    Duration pollInterval,
    AuditLogConfig audit,
    TokenCheckConfig tokens,
    WireLimits limits) {

  /** Checks the ranges. */
  public EngineConfig {
    if (stalenessBound.isNegative() || stalenessBound.isZero()) {
      throw new IllegalArgumentException("stalenessBound must be above zero");
    }
    if (pollInterval.isNegative() || pollInterval.isZero()) {
      throw new IllegalArgumentException("pollInterval must be above zero");
    }
  }

  /** Returns a staleness bound of 500 ms, a poll every 100 ms, and the defaults of the parts. */
  public static EngineConfig defaults() {
    return new EngineConfig(
        Duration.ofMillis(500),
        Duration.ofMillis(100),
        AuditLogConfig.defaults(),
        TokenCheckConfig.defaults(),
        WireLimits.defaults());
  }
}
