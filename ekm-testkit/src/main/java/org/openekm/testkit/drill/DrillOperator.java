// SPDX-License-Identifier: Apache-2.0
package org.openekm.testkit.drill;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.openekm.testkit.oci.OciCaller;

/**
 * Blocks and unblocks one key again and again, each time on whatever node, and tries it on every
 * node right after each acknowledgement.
 */
final class DrillOperator implements Callable<Void> {

  private static final int ROTATE_ONE_IN = 25;
  private static final int MOST_HOLD_MILLIS = 50;
  private static final long BACK_LIMIT = TimeUnit.SECONDS.toNanos(10);
  private static final int OK = 200;

  private final List<DrilledNode> nodes;
  private final String key;
  private final DrillState state;
  private final Random random;
  private final Map<DrilledNode, OciCaller> callers = new LinkedHashMap<>();

  DrillOperator(List<DrilledNode> nodes, String key, DrillState state, int seed) {
    this.nodes = nodes;
    this.key = key;
    this.state = state;
    this.random = new Random(1000 + seed);
  }

  @Override
  public @Nullable Void call() throws InterruptedException {
    nodes.forEach(node -> callers.put(node, node.callers().get()));
    while (!state.isStopped()) {
      block();
      long acknowledged = System.nanoTime();
      for (DrilledNode node : nodes) {
        probe(node);
      }
      TimeUnit.MILLISECONDS.sleep(random.nextInt(MOST_HOLD_MILLIS));
      state.history.add(new DrillHistory.Blocked(key, acknowledged, System.nanoTime()));
      unblock();
      awaitService();
      state.rounds.increment();
      if (random.nextInt(ROTATE_ONE_IN) == 0 && post(anyNode(), "rotate")) {
        state.rotations.increment();
      }
      TimeUnit.MILLISECONDS.sleep(random.nextInt(MOST_HOLD_MILLIS));
    }
    return null;
  }

  private void block() {
    while (true) {
      boolean cutBefore = state.isAnyCutOff();
      DrilledNode node = anyNode();
      long began = System.nanoTime();
      boolean acknowledged = post(node, "block");
      boolean cut = cutBefore || state.isAnyCutOff();
      if (acknowledged) {
        state.took(cut ? state.whileCut : state.healthy, began);
        return;
      }
      state.unacknowledged.increment();
    }
  }

  private void unblock() {
    while (!post(anyNode(), "unblock")) {
      state.unacknowledged.increment();
    }
  }

  /** Measures from the acknowledged unblock until every node that sees the store serves. */
  private void awaitService() {
    long began = System.nanoTime();
    for (DrilledNode node : nodes) {
      while (!state.isCutOff(node.name()) && !probe(node)) {
        if (System.nanoTime() - began > BACK_LIMIT) {
          state.history.wrong(node.name() + " does not serve key " + key + " after the unblock");
          return;
        }
      }
    }
    state.took(state.backAgain, began);
  }

  private boolean probe(DrilledNode node) {
    long began = System.nanoTime();
    OciCaller caller = Objects.requireNonNull(callers.get(node));
    return state.answered(node, key, began, DrillLoad.encryptOnce(caller, key).response());
  }

  private DrilledNode anyNode() {
    List<DrilledNode> reachable = new ArrayList<>(nodes);
    reachable.removeIf(node -> state.isCutOff(node.name()));
    return reachable.get(random.nextInt(reachable.size()));
  }

  private boolean post(DrilledNode node, String action) {
    return node.admin().applyAsInt("/keys/" + key + "/" + action) == OK;
  }
}
