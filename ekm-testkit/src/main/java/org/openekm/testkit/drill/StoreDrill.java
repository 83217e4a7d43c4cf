// SPDX-License-Identifier: Apache-2.0
package org.openekm.testkit.drill;

import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Consumer;
import org.openekm.testkit.fake.TcpProxy;
import org.openekm.testkit.oci.OciCaller;
import org.openekm.testkit.postgres.PostgresServer;

/**
 * A drill of what happens to nodes whose database goes away and comes back: stopped for long,
 * restarted, killed, slow. Right before each fault a key is blocked; it must be blocked still when
 * the database is back. Run once.
 */
public final class StoreDrill {

  /** How soon a node must serve after the database is back. */
  private static final Duration BACK_WITHIN = Duration.ofSeconds(2);

  private static final Duration GIVE_UP = Duration.ofSeconds(60);
  private static final Duration QUIET = Duration.ofSeconds(2);
  private static final Duration SLOW_FOR = Duration.ofSeconds(10);
  private static final Duration SLOW_BY = Duration.ofMillis(100);
  private static final int OK = 200;

  private final List<DrilledNode> nodes;
  private final String steady;
  private final String blocked;
  private final PostgresServer database;
  private final Duration outage;
  private final Consumer<String> progress;
  private final DrillPlan plan = DrillPlan.several(Duration.ofSeconds(1));
  private final DrillState state = new DrillState();
  private final Map<DrilledNode, OciCaller> callers = new LinkedHashMap<>();
  private final Map<String, Object> figures = new LinkedHashMap<>();
  private final List<String> failures = new ArrayList<>();

  /**
   * Makes a drill.
   *
   * @param keys two external key ids
   * @param outage how long the database is stopped
   */
  public StoreDrill(
      List<DrilledNode> nodes,
      List<String> keys,
      PostgresServer database,
      Duration outage,
      Consumer<String> progress) {
    this.nodes = List.copyOf(nodes);
    this.steady = keys.get(0);
    this.blocked = keys.get(1);
    this.database = database;
    this.outage = outage;
    this.progress = progress;
  }

  /**
   * Runs it.
   *
   * @throws IllegalStateException if it could not be carried out
   */
  public DrillResult run() {
    ExecutorService threads = Executors.newCachedThreadPool();
    try {
      nodes.forEach(node -> callers.put(node, node.callers().get()));
      List<Future<?>> load = new ArrayList<>();
      for (DrilledNode node : nodes) {
        load.add(threads.submit(new DrillLoad(node, List.of(steady), state, load.size())));
      }
      faults();
      state.stop();
      for (Future<?> each : load) {
        each.get(30, TimeUnit.SECONDS);
      }
      return result();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("interrupted", e);
    } catch (ExecutionException | TimeoutException e) {
      throw new IllegalStateException("the drill itself failed: " + e, e);
    } finally {
      state.stop();
      threads.shutdownNow();
    }
  }

  private void faults() throws InterruptedException {
    fault("stopped for " + outage.toSeconds() + " s", database::stop, outage);
    fault("restarted", database::stop, Duration.ZERO);
    fault("killed", database::kill, Duration.ZERO);
    slow();
  }

  private void fault(String name, Runnable down, Duration length) throws InterruptedException {
    progress.accept("the database is " + name);
    long acknowledged = block();
    down.run();
    long gone = System.nanoTime();
    TimeUnit.NANOSECONDS.sleep(length.toNanos());
    long starting = System.nanoTime();
    database.restart();
    long back = System.nanoTime();
    nodes.forEach(node -> state.history.add(new DrillHistory.Cut(node.name(), gone, starting)));
    recovered(name, back);
    stillBlocked(acknowledged);
    TimeUnit.NANOSECONDS.sleep(QUIET.toNanos());
  }

  private void slow() throws InterruptedException {
    progress.accept("the database is slow: 200 ms for a question");
    long acknowledged = block();
    nodes.forEach(node -> node.line().ifPresent(line -> line.slow(SLOW_BY)));
    long before = state.history.successes();
    TimeUnit.NANOSECONDS.sleep(SLOW_FOR.toNanos());
    figures.put("callsServedWhileSlow", state.history.successes() - before);
    nodes.forEach(node -> node.line().ifPresent(TcpProxy::heal));
    recovered("slow", System.nanoTime());
    stillBlocked(acknowledged);
  }

  /** Measures how long after the database was back the last node serves. */
  private void recovered(String fault, long back) {
    for (DrilledNode node : nodes) {
      while (!serves(node, steady)) {
        if (System.nanoTime() - back > GIVE_UP.toNanos()) {
          failures.add(node.name() + " does not serve any more after the database was " + fault);
          return;
        }
      }
    }
    Duration after = Duration.ofNanos(System.nanoTime() - back);
    figures.put("servedEverywhereAfter: " + fault, (double) after.toMillis());
    if (after.compareTo(BACK_WITHIN) > 0) {
      failures.add(
          "after the database was "
              + fault
              + ", the last node served "
              + after.toMillis()
              + " ms after it was back; must be at most "
              + BACK_WITHIN.toMillis()
              + " ms");
    }
  }

  private long block() {
    acted("block");
    return System.nanoTime();
  }

  /** What was acknowledged before the fault is in force after it, on every node. */
  private void stillBlocked(long acknowledged) {
    for (DrilledNode node : nodes) {
      serves(node, blocked);
    }
    state.history.add(new DrillHistory.Blocked(blocked, acknowledged, System.nanoTime()));
    acted("unblock");
    long unblocked = System.nanoTime();
    for (DrilledNode node : nodes) {
      while (!serves(node, blocked)) {
        if (System.nanoTime() - unblocked > BACK_WITHIN.toNanos()) {
          failures.add(node.name() + " still refuses a key long after its unblock");
          break;
        }
      }
    }
    state.rounds.increment();
  }

  private void acted(String action) {
    long began = System.nanoTime();
    for (int i = 0; ; i++) {
      DrilledNode node = nodes.get(i % nodes.size());
      if (node.admin().applyAsInt("/keys/" + blocked + "/" + action) == OK) {
        return;
      }
      state.unacknowledged.increment();
      if (System.nanoTime() - began > GIVE_UP.toNanos()) {
        throw new IllegalStateException("no node takes the " + action);
      }
    }
  }

  private boolean serves(DrilledNode node, String key) {
    long began = System.nanoTime();
    OciCaller caller = Objects.requireNonNull(callers.get(node));
    return state.answered(node, key, began, DrillLoad.encryptOnce(caller, key).response());
  }

  private DrillResult result() {
    DrillHistory.Verdict verdict = state.history.judge(plan.lastAnswer().toNanos());
    Map<String, Object> all = new LinkedHashMap<>();
    all.put("nodes", nodes.stream().map(DrilledNode::name).toList());
    all.put("faults", state.rounds.sum());
    all.put("callsServed", state.history.successes());
    all.put("answersByStatus", state.answersByStatus());
    all.put("servedAgainstTheRules", verdict.violations().size());
    all.put("lastCallServedAfterTheDatabaseWasGone", verdict.latestWhileCut() / 1e6);
    all.put("changesNotAcknowledged", state.unacknowledged.sum());
    all.putAll(figures);
    failures.addAll(verdict.violations());
    return new DrillResult(List.copyOf(failures), all);
  }
}
