// SPDX-License-Identifier: Apache-2.0
package org.openekm.core.audit;

import java.time.Duration;

/**
 * The bounds of an {@link AuditLog}.
 *
 * @param queueCapacity how many events may wait for the sink, at least 1; more are refused at once
 * @param maxWait the longest time that a request waits for its event, more than zero; a request's
 *     own deadline may cut it shorter
 * @param maxBatch how many events go to the sink at once, at least 1
 */
public record AuditLogConfig(int queueCapacity, Duration maxWait, int maxBatch) {

  /** Checks the ranges. */
  public AuditLogConfig {
    if (queueCapacity < 1 || maxBatch < 1) {
      throw new IllegalArgumentException("queueCapacity and maxBatch must be at least 1");
    }
    if (maxWait.isNegative() || maxWait.isZero()) {
      throw new IllegalArgumentException("maxWait must be more than zero");
    }
  }

  /** Returns the usual bounds: 4096 events, 50 ms, batches of 256. */
  public static AuditLogConfig defaults() {
    return new AuditLogConfig(4096, Duration.ofMillis(50), 256);
  }
}
