// SPDX-License-Identifier: Apache-2.0
package org.openekm.hsm.kmip.internal.client;

import static java.util.concurrent.TimeUnit.NANOSECONDS;

import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;
import org.openekm.api.Deadline;
import org.openekm.hsm.kmip.internal.client.KmipClientConfig.Times;
import org.openekm.hsm.kmip.internal.client.TransportException.Kind;
import org.openekm.hsm.kmip.internal.ttlv.TtlvException;
import org.openekm.spi.ComponentContext;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** One server with its connections, its health, and what it can do. Thread-safe. */
final class Endpoint implements AutoCloseable {

  private static final Logger LOG = LoggerFactory.getLogger(Endpoint.class);

  private final Address address;
  private final int index;
  private final KmipClientConfig config;
  private final ComponentContext context;
  private final ConnectionPool pool;
  private final Health health;
  private final AtomicLong numbers = new AtomicLong(1);
  private @Nullable CompletableFuture<ServerInfo> introduction;

  Endpoint(int index, KmipClientConfig config, TlsContexts tls, ComponentContext context) {
    this.address = config.servers().get(index);
    this.index = index;
    this.config = config;
    this.context = context;
    Connection.Limits limits =
        new Connection.Limits(config.times(), config.maxResponse(), context.nanoClock());
    this.pool =
        new ConnectionPool(
            address.label(),
            () -> Connection.open(address, tls.current(), limits),
            context.executor(),
            config.connections(),
            config.times().idle().toNanos());
    this.health = new Health(context.nanoClock(), context.random());
  }

  Address address() {
    return address;
  }

  int index() {
    return index;
  }

  Health health() {
    return health;
  }

  int connections() {
    return pool.size();
  }

  /**
   * Returns what the server can do. Asked once, in the background: a caller whose deadline passes
   * leaves, and the answer is there for the next one.
   */
  ServerInfo info(Deadline deadline) {
    CompletableFuture<ServerInfo> asked = introduction();
    try {
      return asked.get(Math.max(0, deadline.remainingNanos()), NANOSECONDS);
    } catch (ExecutionException e) {
      forget(asked);
      Throwable cause = e.getCause();
      if (cause instanceof TransportException known) {
        throw new TransportException(known.kind(), String.valueOf(known.getMessage()), known);
      }
      String why = cause == null ? "it failed" : String.valueOf(cause.getMessage());
      throw new TransportException(Kind.SETTINGS, address.label() + ": " + why, e);
    } catch (TimeoutException e) {
      throw new TransportException(
          Kind.TIMEOUT, address.label() + " did not say in time what it can do", e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new TransportException(Kind.CLOSED, "interrupted", e);
    }
  }

  private synchronized CompletableFuture<ServerInfo> introduction() {
    CompletableFuture<ServerInfo> running = introduction;
    if (running != null && !running.isCompletedExceptionally()) {
      return running;
    }
    CompletableFuture<ServerInfo> fresh = new CompletableFuture<>();
    introduction = fresh;
    try {
      context.executor().execute(() -> introduce(fresh));
    } catch (RejectedExecutionException e) {
      fresh.completeExceptionally(e);
    }
    return fresh;
  }

  private void introduce(CompletableFuture<ServerInfo> result) {
    Times times = config.times();
    Deadline deadline = Deadline.after(Address.introduction(times), context.nanoClock());
    try {
      ServerInfo info = Introduction.of(this, numbers.getAndIncrement(), deadline);
      LOG.info(
          "key manager {} speaks KMIP {} ({})", address.label(), info.version(), info.vendor());
      result.complete(info);
    } catch (RuntimeException | Error e) {
      // Whatever it was, nobody must wait for this in vain.
      result.completeExceptionally(e);
    }
  }

  private synchronized void forget(CompletableFuture<ServerInfo> failed) {
    if (introduction == failed) {
      introduction = null;
    }
  }

  /** Asks anew what the server can do before it is used again: it may have been replaced. */
  synchronized void forgetIntroduction() {
    introduction = null;
  }

  /**
   * Sends items in one message and returns what came of them. An unused connection that has ended
   * unnoticed is replaced once, if that can do no harm.
   */
  List<Result> send(ProtocolVersion version, List<RequestItem> items, Deadline deadline) {
    if (deadline.expired()) {
      throw new TransportException(Kind.TIMEOUT, "no time was left", null);
    }
    Connection connection = pool.acquire(deadline);
    boolean stale = connection.used();
    try {
      return exchange(connection, version, items, deadline);
    } catch (TransportException e) {
      boolean repeatable = items.stream().allMatch(item -> item.operation().repeatable());
      if (!stale || !repeatable || e.kind() != Kind.CLOSED || deadline.expired()) {
        throw e;
      }
      LOG.debug("{} had closed an idle connection; another one is used", address.label());
    }
    pool.dropIdle();
    return exchange(pool.acquire(deadline), version, items, deadline);
  }

  private List<Result> exchange(
      Connection connection, ProtocolVersion version, List<RequestItem> items, Deadline deadline) {
    boolean numbered = address.quirks().numberedItems() || items.size() > 1;
    Messages.Sent sent = new Messages.Sent(items, numbers.getAndAdd(items.size()), numbered);
    byte[] request = Messages.encode(version, sent);
    byte[] response = new byte[0];
    boolean good = false;
    try {
      response = connection.exchange(request, deadline.atMost(config.times().request()));
      List<Result> results = Messages.decode(response, sent, config.maxResponse());
      good = true;
      return results;
    } catch (TtlvException e) {
      throw new TransportException(
          Kind.PROTOCOL, "wrong answer from " + address.label() + ": " + e.getMessage(), e);
    } finally {
      Arrays.fill(request, (byte) 0);
      Arrays.fill(response, (byte) 0);
      if (!good) {
        connection.close();
      }
      pool.release(connection);
    }
  }

  @Override
  public void close() {
    pool.close();
  }
}
