// SPDX-License-Identifier: Apache-2.0
package org.openekm.testkit.load;

import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.net.InetSocketAddress;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Consumer;

/**
 * Sends requests by a plan from one thread and counts what comes back. Single use.
 *
 * <p>In the open model the times of all requests are fixed by the rate. A request whose time has
 * come while no connection is free waits, and its wait counts.
 */
public final class LoadEngine {

  private static final long SECOND = TimeUnit.SECONDS.toNanos(1);
  private static final long SWEEP_NANOS = TimeUnit.MILLISECONDS.toNanos(5);
  private static final long NAP_NANOS = TimeUnit.MICROSECONDS.toNanos(20);
  private static final long SELECT_NANOS = TimeUnit.MICROSECONDS.toNanos(1_200);
  private static final long WARM_CONNECT_NANOS = TimeUnit.SECONDS.toNanos(10);
  private static final int MOST_WAITING = 1_000_000;

  private final Ammunition ammunition;
  private final LoadPlan plan;
  private final Consumer<LoadResult.Second> progress;
  private final InetSocketAddress address;
  private final List<Caller> callers = new ArrayList<>();
  private final Deque<Caller> idle = new ArrayDeque<>();
  private final Deque<Long> waiting = new ArrayDeque<>();
  private LoadFigures figures = new LoadFigures();
  private long numbers;
  private long sweepAt;

  /** Requests that were due before this belong to the warm-up, whenever they end. */
  private long countFrom;

  /**
   * Makes an engine.
   *
   * @param progress gets the figures of each second
   */
  public LoadEngine(Ammunition ammunition, LoadPlan plan, Consumer<LoadResult.Second> progress) {
    this.ammunition = ammunition;
    this.plan = plan;
    this.progress = progress;
    this.address =
        new InetSocketAddress(ammunition.endpoint().host(), ammunition.endpoint().port());
  }

  /**
   * Runs the plan on the calling thread.
   *
   * @throws IOException if there can be no sockets
   */
  public LoadResult run() throws IOException {
    try (Selector selector = Selector.open()) {
      for (int i = 0; i < plan.connections(); i++) {
        Caller caller = new Caller();
        callers.add(caller);
        idle.add(caller);
      }
      prepare(selector);
      phase(selector, plan.warmUp().toNanos(), true);
      figures = new LoadFigures();
      return measure(selector);
    } finally {
      for (Caller caller : callers) {
        caller.drop();
      }
    }
  }

  /** Opens the connections one by one: a cold server would drown in handshakes. */
  private void prepare(Selector selector) throws IOException {
    countFrom = System.nanoTime() + Long.MAX_VALUE / 2;
    for (Caller caller : plan.keepAlive() ? callers : List.<Caller>of()) {
      long last = System.nanoTime() + WARM_CONNECT_NANOS;
      begin(caller, selector);
      while (caller.isConnecting() && System.nanoTime() < last) {
        turn(selector, last);
      }
    }
  }

  private LoadResult measure(Selector selector) throws IOException {
    ThreadMXBean threads = ManagementFactory.getThreadMXBean();
    waiting.clear();
    long cpu = threads.getCurrentThreadCpuTime();
    long start = System.nanoTime();
    countFrom = start;
    phase(selector, plan.length().toNanos(), false);
    long end = System.nanoTime();
    double cores = (threads.getCurrentThreadCpuTime() - cpu) / (double) (end - start);
    drain(selector);
    return figures.result(plan, (end - start) / (double) SECOND, cores);
  }

  /**
   * Sends for a time; a ramp begins with nothing and ends with the plan's rate.
   *
   * @param nanos how long
   */
  private void phase(Selector selector, long nanos, boolean ramp) throws IOException {
    long start = System.nanoTime();
    long due = start;
    long sent = 0;
    long nextTick = start + SECOND;
    for (long now = start; now - start < nanos; now = System.nanoTime()) {
      if (plan.isOpen()) {
        while (due <= now && waiting.size() < MOST_WAITING) {
          waiting.add(due);
          sent++;
          due = start + (ramp ? ramped(sent, nanos) : sent * SECOND / plan.rate());
        }
      } else {
        for (int free = idle.size() - waiting.size(); free > 0; free--) {
          waiting.add(now);
        }
      }
      launch(selector);
      turn(selector, plan.isOpen() ? due : Long.MAX_VALUE);
      if (now >= nextTick) {
        nextTick += SECOND;
        progress.accept(figures.tick());
      }
    }
  }

  /** The rate grows evenly from zero, so the number of requests grows with the time's square. */
  private long ramped(long number, long nanos) {
    double all = plan.rate() * (nanos / (double) SECOND) / 2;
    return (long) (nanos * Math.sqrt(number / all));
  }

  /** Requests that were due before the end still count: those that hang most of all. */
  private void drain(Selector selector) throws IOException {
    long last = System.nanoTime() + 3 * LoadPlan.READ_LIMIT.toNanos();
    while (System.nanoTime() < last && (!waiting.isEmpty() || idle.size() < callers.size())) {
      launch(selector);
      turn(selector, Long.MAX_VALUE);
    }
    long now = System.nanoTime();
    for (long due : waiting) {
      figures.failed("never sent", (now - due) / 1_000);
    }
    figures.tick();
  }

  private void launch(Selector selector) throws IOException {
    while (!waiting.isEmpty() && !idle.isEmpty()) {
      Caller caller = idle.pollLast();
      caller.dueAt = waiting.pollFirst();
      caller.requestNumber = numbers++;
      caller.busy = true;
      caller.retrying = false;
      begin(caller, selector);
    }
  }

  private void begin(Caller caller, Selector selector) throws IOException {
    caller.parser.reset();
    try {
      TlsChannel open = caller.channel;
      if (open == null) {
        caller.limitAt = System.nanoTime() + connectNanos();
        open = new TlsChannel(ammunition.endpoint(), address, selector, caller);
        caller.channel = open;
      }
      if (open.isReady() && caller.busy) {
        send(caller, open);
      }
    } catch (IOException e) {
      broken(caller, selector, "not connected");
    }
  }

  /** A cold server may take its time; OCI's limit holds for what is counted. */
  private long connectNanos() {
    boolean counted = System.nanoTime() - countFrom >= 0;
    return counted ? LoadPlan.CONNECT_LIMIT.toNanos() : WARM_CONNECT_NANOS;
  }

  private void send(Caller caller, TlsChannel open) throws IOException {
    caller.limitAt = System.nanoTime() + LoadPlan.READ_LIMIT.toNanos();
    open.send(ammunition.request(caller.requestNumber));
  }

  /** Handles what the network has; waits for it at most until the next request is due. */
  private void turn(Selector selector, long due) throws IOException {
    long left = Math.min(due, sweepAt) - System.nanoTime();
    int found =
        left > SELECT_NANOS
            ? selector.select(TimeUnit.NANOSECONDS.toMillis(left))
            : selector.selectNow();
    if (found == 0 && left > 2 * NAP_NANOS && left <= SELECT_NANOS) {
      // Sleeping by the selector is too coarse for the last millisecond.
      LockSupport.parkNanos(NAP_NANOS);
    }
    for (SelectionKey key : selector.selectedKeys()) {
      handle((Caller) key.attachment(), selector);
    }
    selector.selectedKeys().clear();
    if (System.nanoTime() >= sweepAt) {
      sweep(selector);
    }
  }

  private void handle(Caller caller, Selector selector) throws IOException {
    TlsChannel open = caller.channel;
    if (open == null) {
      return;
    }
    try {
      if (!open.isReady()) {
        if (open.advanceHandshake() && caller.busy) {
          send(caller, open);
        }
        return;
      }
      if (open.isWritable()) {
        open.flush();
      }
      if (open.receive(caller.parser)) {
        answered(caller, selector);
      }
    } catch (IOException e) {
      if (caller.busy) {
        broken(caller, selector, open.isReady() ? "connection lost" : "not connected");
      } else {
        caller.drop();
      }
    }
  }

  private void answered(Caller caller, Selector selector) throws IOException {
    int status = caller.parser.status();
    if (!plan.keepAlive() || caller.parser.closes()) {
      caller.drop();
    }
    if (status >= 500 && !caller.retrying) {
      retry(caller, selector);
      return;
    }
    end(caller, status == 200 ? "" : "status " + status);
  }

  private void broken(Caller caller, Selector selector, String kind) throws IOException {
    caller.drop();
    if (caller.retrying) {
      end(caller, kind);
    } else {
      retry(caller, selector);
    }
  }

  private void retry(Caller caller, Selector selector) throws IOException {
    caller.retrying = true;
    if (caller.dueAt - countFrom >= 0) {
      figures.retried();
    }
    begin(caller, selector);
  }

  /** Counts a request that has ended; {@code error} is empty if it ended well. */
  private void end(Caller caller, String error) {
    long micros = (System.nanoTime() - caller.dueAt) / 1_000;
    if (caller.dueAt - countFrom >= 0) {
      if (error.isEmpty()) {
        figures.answered(micros);
      } else {
        figures.failed(error, micros);
      }
    }
    caller.busy = false;
    idle.addLast(caller);
  }

  private void sweep(Selector selector) throws IOException {
    long now = System.nanoTime();
    sweepAt = now + SWEEP_NANOS;
    for (Caller caller : callers) {
      if (caller.busy && now - caller.limitAt > 0) {
        broken(caller, selector, caller.isConnecting() ? "connect time-out" : "read time-out");
      }
    }
  }
}
