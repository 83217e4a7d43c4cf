// SPDX-License-Identifier: Apache-2.0
package org.openekm.core.internal.call;

import java.security.SecureRandom;
import java.time.InstantSource;
import org.openekm.api.NanoClock;
import org.openekm.spi.event.EkmListener;

/**
 * What every call needs from outside.
 *
 * @param clock the wall clock
 * @param nanoClock the monotonic clock
 * @param random the source of randomness
 * @param listener hears of calls
 */
public record CallEnvironment(
    InstantSource clock, NanoClock nanoClock, SecureRandom random, EkmListener listener) {}
