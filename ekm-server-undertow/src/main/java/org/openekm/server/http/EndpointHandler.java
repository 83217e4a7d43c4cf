// SPDX-License-Identifier: Apache-2.0
package org.openekm.server.http;

import io.undertow.server.HttpHandler;
import io.undertow.server.HttpServerExchange;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import org.openekm.api.Deadline;
import org.openekm.api.NanoClock;
import org.openekm.core.endpoint.EkmEndpoint;
import org.openekm.spi.event.CallCompleted;
import org.openekm.spi.event.EkmListener;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Brings HTTP requests to the endpoint: starts each one's deadline, sends it through the stages,
 * counts it until it is answered.
 *
 * <p>Thread-safe.
 */
public final class EndpointHandler implements HttpHandler, AutoCloseable {

  private static final Logger LOG = LoggerFactory.getLogger(EndpointHandler.class);

  private final Duration budget;
  private final NanoClock clock;
  private final EkmListener listener;
  private final AccessLogger accessLog;
  private final WorkQueue queue;
  private final Stage first;
  private final long maxBody;
  private final Observer observer = new Observer();
  private final AtomicInteger running = new AtomicInteger();
  private volatile boolean draining;

  /** Puts the stages together. */
  public EndpointHandler(
      EkmEndpoint endpoint, EndpointConfig config, NanoClock clock, EkmListener listener) {
    HttpLimits limits = config.listener().limits();
    this.budget = config.deadline();
    this.clock = clock;
    this.listener = listener;
    this.accessLog = new AccessLogger(config.accessLog(), clock);
    this.queue = new WorkQueue("ekm-worker", limits.work().threads(), limits.work().queue());
    Stage dispatch =
        new Dispatch(new EndpointAdapter(endpoint), queue, limits.work().queueWait(), clock);
    // After the body, because a refusal before it costs the connection, and a new one costs us more
    // than the body.
    int rate = limits.work().requestsPerSecond();
    Stage paced = rate > 0 ? new RateLimit(dispatch, rate, clock) : dispatch;
    int maxBytes = limits.request().bodyBytes();
    Stage content = new ContentCheck(new BodyReader(paced, maxBytes), maxBytes);
    this.maxBody = maxBytes + LingeringClose.MAX_BYTES;
    this.first = new HygieneCheck(new Mounts(content, config.mounts()));
  }

  @Override
  public void handleRequest(HttpServerExchange exchange) {
    Call call = new Call(exchange, Deadline.after(budget, clock), clock.nanos(), observer);
    call.begin();
    try {
      first.handle(call);
    } catch (RuntimeException | Error e) {
      LOG.error("request {}: failed in a way that nobody foresaw", call.requestId(), e);
      call.refuse(Refusal.INTERNAL);
    }
  }

  /** Returns the size of a body at which a connection is not worth a polite answer any more. */
  public long maxBody() {
    return maxBody;
  }

  /** Makes every further answer close its connection. */
  public void drain() {
    draining = true;
  }

  /** Returns how many calls have not been answered yet. */
  public int running() {
    return running.get();
  }

  /** Returns how many calls wait for a worker. */
  public int waiting() {
    return queue.waiting();
  }

  /** Stops the workers. */
  @Override
  public void close() {
    queue.close();
  }

  private final class Observer implements CallObserver {

    @Override
    public void started() {
      running.incrementAndGet();
    }

    @Override
    public void refused(Call call, Refusal refusal) {
      listener.onCall(
          new CallCompleted(
              Optional.empty(), Optional.of(refusal.code()), clock.nanos() - call.startNanos()));
    }

    @Override
    public void ended(Call call) {
      running.decrementAndGet();
      accessLog.log(call);
    }

    @Override
    public boolean draining() {
      return draining;
    }
  }
}
