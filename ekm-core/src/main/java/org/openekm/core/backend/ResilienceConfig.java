// SPDX-License-Identifier: Apache-2.0
package org.openekm.core.backend;

import static java.util.Objects.requireNonNull;

import java.time.Duration;

/**
 * How a {@link ResilientKeyBackend} protects itself from its device.
 *
 * @param threading on which thread the backend is called
 * @param maxConcurrentCalls the most calls at once, at least 1; the backend's own limit applies as
 *     well
 * @param callTimeout the longest time for one encryption, decryption, random draw or check, more
 *     than zero; a request's own deadline may cut it shorter
 * @param slowCall calls at least this long count as slow, more than zero
 * @param failureRatePercent the share of failed calls that opens the circuit breaker, 1 to 100; of
 *     slow calls likewise
 * @param windowSize over how many of the latest calls the shares are taken, at least 1
 * @param minimumCalls how many calls there must be before the breaker may open, 1 to {@code
 *     windowSize}
 * @param openTime how long an open breaker refuses calls before it lets some through to try, more
 *     than zero
 * @param trialCalls how many calls it lets through then, at least 1
 */
public record ResilienceConfig(
    Threading threading,
    int maxConcurrentCalls,
    Duration callTimeout,
    Duration slowCall,
    int failureRatePercent,
    int windowSize,
    int minimumCalls,
    Duration openTime,
    int trialCalls) {

  /** On which thread a backend is called. */
  public enum Threading {
    /** On the request's own: for a backend that computes and can't hang. */
    CALLER,
    /**
     * On one of the executor's, so that the request can give up at its deadline while the call
     * still hangs.
     */
    POOL
  }

  /** Checks the ranges. */
  public ResilienceConfig {
    requireNonNull(threading, "threading");
    atLeastOne("maxConcurrentCalls", maxConcurrentCalls);
    positive("callTimeout", callTimeout);
    positive("slowCall", slowCall);
    positive("openTime", openTime);
    atLeastOne("windowSize", windowSize);
    atLeastOne("trialCalls", trialCalls);
    if (failureRatePercent < 1 || failureRatePercent > 100) {
      throw new IllegalArgumentException("failureRatePercent must be 1 to 100");
    }
    if (minimumCalls < 1 || minimumCalls > windowSize) {
      throw new IllegalArgumentException("minimumCalls must be 1 to windowSize");
    }
  }

  /**
   * Returns the usual values: 32 calls at once of at most 600 ms each, slow from 400 ms; the
   * breaker opens when half of at least 10 and at most 50 calls fail or are slow, and tries again
   * after 1 s with 3 calls.
   */
  public static ResilienceConfig defaults(Threading threading) {
    return new ResilienceConfig(
        threading,
        32,
        Duration.ofMillis(600),
        Duration.ofMillis(400),
        50,
        50,
        10,
        Duration.ofSeconds(1),
        3);
  }

  /** Returns the same with another number of calls at once. */
  public ResilienceConfig withMaxConcurrentCalls(int value) {
    return new ResilienceConfig(
        threading,
        value,
        callTimeout,
        slowCall,
        failureRatePercent,
        windowSize,
        minimumCalls,
        openTime,
        trialCalls);
  }

  /** Returns the same with other time limits for one call. */
  public ResilienceConfig withCallTimes(Duration newTimeout, Duration newSlowCall) {
    return new ResilienceConfig(
        threading,
        maxConcurrentCalls,
        newTimeout,
        newSlowCall,
        failureRatePercent,
        windowSize,
        minimumCalls,
        openTime,
        trialCalls);
  }

  /** Returns the same with another time for which an open breaker refuses calls. */
  public ResilienceConfig withOpenTime(Duration value) {
    return new ResilienceConfig(
        threading,
        maxConcurrentCalls,
        callTimeout,
        slowCall,
        failureRatePercent,
        windowSize,
        minimumCalls,
        value,
        trialCalls);
  }

  private static void positive(String name, Duration value) {
    if (value.isNegative() || value.isZero()) {
      throw new IllegalArgumentException(name + " must be more than zero");
    }
  }

  private static void atLeastOne(String name, int value) {
    if (value < 1) {
      throw new IllegalArgumentException(name + " must be at least 1");
    }
  }
}
