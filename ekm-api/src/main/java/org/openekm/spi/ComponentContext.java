// SPDX-License-Identifier: Apache-2.0
package org.openekm.spi;

import java.security.SecureRandom;
import java.time.InstantSource;
import java.util.concurrent.Executor;
import org.openekm.api.NanoClock;

/**
 * What a provider gets to build a part from. The part takes time, randomness and threads from here
 * only, so that its owner can replace them.
 *
 * @param instanceName the name that the configuration gives to this instance, for messages and
 *     metrics
 * @param settings the instance's own settings
 * @param secrets reads secrets by reference
 * @param clock the wall clock
 * @param nanoClock the monotonic clock
 * @param random the source of randomness; thread-safe
 * @param executor runs background work; thread-safe, never the caller's own thread
 */
public record ComponentContext(
    String instanceName,
    Settings settings,
    SecretResolver secrets,
    InstantSource clock,
    NanoClock nanoClock,
    SecureRandom random,
    Executor executor) {}
