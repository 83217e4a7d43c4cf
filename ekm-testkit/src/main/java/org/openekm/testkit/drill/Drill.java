// SPDX-License-Identifier: Apache-2.0
package org.openekm.testkit.drill;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.openekm.testkit.fake.TcpProxy;

/** A drill of the kill switch on nodes that serve already. Run once. */
public final class Drill {

  private static final int LOADERS_PER_NODE = 2;
  private static final int PROGRESS_SECONDS = 5;

  private final List<DrilledNode> nodes;
  private final List<String> keys;
  private final DrillPlan plan;
  private final Consumer<String> progress;
  private final DrillState state = new DrillState();

  /**
   * Makes a drill.
   *
   * @param keys external key ids, each drilled by one operator
   * @param progress gets a line from time to time
   */
  public Drill(
      List<DrilledNode> nodes, List<String> keys, DrillPlan plan, Consumer<String> progress) {
    this.nodes = List.copyOf(nodes);
    this.keys = List.copyOf(keys);
    this.plan = plan;
    this.progress = progress;
  }

  /**
   * Runs it.
   *
   * @throws IllegalStateException if it could not be carried out, which proves nothing either way
   */
  public DrillResult run() {
    ExecutorService threads = Executors.newCachedThreadPool();
    List<Future<?>> running = new ArrayList<>();
    try {
      for (DrilledNode node : nodes) {
        for (int i = 0; i < LOADERS_PER_NODE; i++) {
          running.add(threads.submit(new DrillLoad(node, keys, state, i)));
        }
      }
      for (int i = 0; i < keys.size(); i++) {
        running.add(threads.submit(new DrillOperator(nodes, keys.get(i), state, i)));
      }
      long end = System.nanoTime() + DrillPlan.WARM_UP.plus(plan.length()).toNanos();
      watch(end, running);
      state.stop();
      for (Future<?> each : running) {
        each.get(30, TimeUnit.SECONDS);
      }
      return DrillResult.of(plan, nodes, state);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("interrupted", e);
    } catch (ExecutionException | java.util.concurrent.TimeoutException e) {
      throw new IllegalStateException("the drill itself failed: " + e, e);
    } finally {
      state.stop();
      nodes.forEach(node -> node.line().ifPresent(TcpProxy::heal));
      threads.shutdownNow();
    }
  }

  /** Cuts nodes off as planned, and tells how it goes. */
  private void watch(long end, List<Future<?>> running) throws InterruptedException {
    Random random = new Random();
    long nextCut = System.nanoTime() + plan.cutEvery().toNanos() / 2;
    long nextLine = System.nanoTime() + TimeUnit.SECONDS.toNanos(PROGRESS_SECONDS);
    while (end - System.nanoTime() > 0 && running.stream().noneMatch(Future::isDone)) {
      long now = System.nanoTime();
      if (!plan.cutEvery().isZero() && now - nextCut > 0) {
        nextCut = now + plan.cutEvery().toNanos();
        cutOff(nodes.get(random.nextInt(nodes.size())));
      }
      if (now - nextLine > 0) {
        nextLine = now + TimeUnit.SECONDS.toNanos(PROGRESS_SECONDS);
        progress.accept(state.line());
      }
      TimeUnit.MILLISECONDS.sleep(20);
    }
  }

  private void cutOff(DrilledNode node) throws InterruptedException {
    Optional<TcpProxy> line = node.line();
    if (line.isEmpty()) {
      return;
    }
    progress.accept(node.name() + " is cut off from the store");
    state.cutting(node.name());
    line.get().cut();
    long began = System.nanoTime();
    TimeUnit.NANOSECONDS.sleep(plan.cutFor().toNanos());
    long healed = System.nanoTime();
    line.get().heal();
    state.healed(new DrillHistory.Cut(node.name(), began, healed));
  }
}
