// SPDX-License-Identifier: Apache-2.0
package org.openekm.core.backend;

import static java.util.Objects.requireNonNull;

import java.util.concurrent.Executor;
import org.openekm.api.NanoClock;
import org.openekm.spi.event.EkmListener;

/**
 * What a {@link ResilientKeyBackend} takes from its surroundings.
 *
 * @param executor runs the calls of {@link ResilienceConfig.Threading#POOL}; must start each at
 *     once on a thread of its own or refuse it, and never run it on the calling thread
 * @param clock the monotonic clock
 * @param listener hears of calls and of the circuit breaker
 */
public record BackendRuntime(Executor executor, NanoClock clock, EkmListener listener) {

  /** Checks that everything is there. */
  public BackendRuntime {
    requireNonNull(executor, "executor");
    requireNonNull(clock, "clock");
    requireNonNull(listener, "listener");
  }
}
