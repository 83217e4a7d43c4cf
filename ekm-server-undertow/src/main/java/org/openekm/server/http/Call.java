// SPDX-License-Identifier: Apache-2.0
package org.openekm.server.http;

import io.undertow.io.IoCallback;
import io.undertow.io.Sender;
import io.undertow.server.ExchangeCompletionListener;
import io.undertow.server.HttpServerExchange;
import io.undertow.util.Headers;
import io.undertow.util.HttpString;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;
import org.openekm.api.Deadline;
import org.xnio.IoUtils;
import org.xnio.channels.StreamSourceChannel;

/**
 * One request on its way through the stages, and its answer.
 *
 * <p>Owned by one thread at a time: the I/O thread until the dispatch, then a worker.
 */
final class Call implements IoCallback, ExchangeCompletionListener {

  private static final byte[] NOTHING = {};
  private static final int ANSWER_SECONDS = 5;

  private final HttpServerExchange exchange;
  private final String requestId;
  private final Deadline deadline;
  private final long startNanos;
  private final CallObserver observer;
  private final AtomicBoolean ended = new AtomicBoolean();

  private String path = "";
  private byte[] body = NOTHING;
  private byte[] answer = NOTHING;
  private @Nullable StreamSourceChannel requestChannel;

  Call(HttpServerExchange exchange, Deadline deadline, long startNanos, CallObserver observer) {
    this.exchange = exchange;
    this.requestId = RequestIds.of(exchange);
    this.deadline = deadline;
    this.startNanos = startNanos;
    this.observer = observer;
  }

  /** Begins the observation. */
  void begin() {
    observer.started();
    exchange.addExchangeCompleteListener(this);
  }

  HttpServerExchange exchange() {
    return exchange;
  }

  String requestId() {
    return requestId;
  }

  Deadline deadline() {
    return deadline;
  }

  long startNanos() {
    return startNanos;
  }

  /** The path below the mount, raw; empty until the mount is known. */
  String path() {
    return path;
  }

  void path(String belowMount) {
    this.path = belowMount;
  }

  byte[] body() {
    return body;
  }

  void body(byte[] complete) {
    this.body = complete;
  }

  /** The channel of the request's body; the same at every call. */
  StreamSourceChannel requestChannel() {
    StreamSourceChannel channel = requestChannel;
    if (channel == null) {
      // Undertow's own limit would tear the connection down; whoever reads here keeps to bounds of
      // its own.
      exchange.setMaxEntitySize(0);
      channel = exchange.getRequestChannel();
      requestChannel = channel;
    }
    return channel;
  }

  int status() {
    return exchange.getStatusCode();
  }

  /** Answers with one of the server's own refusals. */
  void refuse(Refusal refusal) {
    Arrays.fill(body, (byte) 0);
    observer.refused(this, refusal);
    send(refusal.status(), Map.of(), refusal.body());
  }

  /**
   * Sends the answer and wipes it once it is out. Headers that every answer needs are added where
   * they are missing.
   */
  void send(int status, Map<String, String> headers, byte[] content) {
    if (exchange.isResponseStarted()) {
      end();
      IoUtils.safeClose(exchange.getConnection());
      return;
    }
    answer = content;
    exchange.setStatusCode(status);
    var out = exchange.getResponseHeaders();
    out.put(Headers.CONTENT_TYPE, "application/json");
    out.put(Headers.CACHE_CONTROL, "no-store");
    headers.forEach((name, value) -> out.put(HttpString.tryFromString(name), value));
    out.put(RequestIds.HEADER, requestId);
    if (observer.draining() || !exchange.isRequestComplete() || isChunked()) {
      exchange.setPersistent(false);
    }
    exchange.setResponseContentLength(content.length);
    exchange.getResponseSender().send(ByteBuffer.wrap(content), this);
    if (!ended.get()) {
      exchange.getIoThread().executeAfter(this::giveUp, ANSWER_SECONDS, TimeUnit.SECONDS);
    }
  }

  /** The caller doesn't take its answer: neither that nor the connection is kept for it. */
  private void giveUp() {
    if (!ended.get()) {
      end();
      IoUtils.safeClose(exchange.getConnection());
    }
  }

  /**
   * The parser of chunks forgives much, so nothing that follows them on the same connection is
   * believed.
   */
  private boolean isChunked() {
    return exchange.getRequestHeaders().contains(Headers.TRANSFER_ENCODING);
  }

  /** Gives the call up without an answer: the connection is gone or not worth keeping. */
  void abandon() {
    Arrays.fill(body, (byte) 0);
    if (!exchange.isResponseStarted()) {
      exchange.setStatusCode(Refusal.MALFORMED_HTTP.status());
    }
    end();
    IoUtils.safeClose(exchange.getConnection());
  }

  @Override
  public void onComplete(HttpServerExchange completed, Sender sender) {
    if (exchange.isRequestComplete()) {
      IoCallback.END_EXCHANGE.onComplete(completed, sender);
    } else {
      end();
      sender.close(new LingeringClose(exchange, requestChannel()));
    }
  }

  @Override
  public void onException(HttpServerExchange failed, Sender sender, IOException exception) {
    end();
    IoCallback.END_EXCHANGE.onException(failed, sender, exception);
  }

  @Override
  public void exchangeEvent(HttpServerExchange completed, NextListener nextListener) {
    end();
    nextListener.proceed();
  }

  private void end() {
    if (ended.compareAndSet(false, true)) {
      Arrays.fill(answer, (byte) 0);
      observer.ended(this);
    }
  }
}
