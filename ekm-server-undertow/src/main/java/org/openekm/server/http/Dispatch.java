// SPDX-License-Identifier: Apache-2.0
package org.openekm.server.http;

import java.time.Duration;
import org.openekm.api.NanoClock;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Hands a call to a worker; refuses it at once if the line is full, and before any work if it has
 * waited too long.
 */
final class Dispatch implements Stage {

  private static final Logger LOG = LoggerFactory.getLogger(Dispatch.class);

  private final Stage next;
  private final WorkQueue queue;
  private final long maxWaitNanos;
  private final NanoClock clock;

  Dispatch(Stage next, WorkQueue queue, Duration maxWait, NanoClock clock) {
    this.next = next;
    this.queue = queue;
    this.maxWaitNanos = maxWait.toNanos();
    this.clock = clock;
  }

  @Override
  public void handle(Call call) {
    call.exchange().dispatch(queue, new Work(call, clock.nanos()));
  }

  private final class Work implements WorkQueue.Refusable {

    private final Call call;
    private final long queuedAt;

    Work(Call call, long queuedAt) {
      this.call = call;
      this.queuedAt = queuedAt;
    }

    @Override
    public void run() {
      try {
        if (clock.nanos() - queuedAt > maxWaitNanos || call.deadline().expired()) {
          turnAway();
        } else {
          next.handle(call);
        }
      } catch (RuntimeException | Error e) {
        LOG.error("request {}: failed in a way that nobody foresaw", call.requestId(), e);
        call.refuse(Refusal.INTERNAL);
      }
    }

    @Override
    public void turnAway() {
      call.refuse(Refusal.TOO_BUSY);
    }
  }
}
