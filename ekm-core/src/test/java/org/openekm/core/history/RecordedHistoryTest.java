// SPDX-License-Identifier: Apache-2.0
package org.openekm.core.history;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.openekm.core.store.InMemoryMetadataStore;
import org.openekm.testkit.fake.SeededCases;

/**
 * The kill switch's promise, held against recorded histories of whole engines: random calls,
 * blocks, unblocks and more by many threads at once, on one node and on several.
 */
@Timeout(300)
final class RecordedHistoryTest {

  private static final int THREADS = 4;

  private final ExecutorService news = Executors.newCachedThreadPool();

  @AfterEach
  void stop() {
    news.shutdownNow();
  }

  @Test
  void oneNode_everyHistoryIsLinearizable() {
    SeededCases.run(
        4,
        random -> {
          try (RecordedNodes nodes = new RecordedNodes(new InMemoryMetadataStore(), 1)) {
            List<Step> history = nodes.run(THREADS, 400, random);
            assertThat(new HistoryChecker(1).check(history)).isEmpty();
            assertTelling(history);
          }
        });
  }

  @Test
  void threeNodes_noneServesWhatAnyHasTakenAway() {
    SeededCases.run(
        2,
        random -> {
          try (RecordedNodes nodes = new RecordedNodes(new SharedMemoryStore(news), 3)) {
            List<Step> history = nodes.run(THREADS, 150, random);
            assertThat(new HistoryChecker(3).check(history)).isEmpty();
            assertTelling(history);
          }
        });
  }

  @Test
  void nodesThatAcknowledgeTooEarly_areFound() {
    try (RecordedNodes nodes =
        new RecordedNodes(new SharedMemoryStore(news, HastyAccount::new), 2)) {
      Optional<String> found = Optional.empty();
      for (int i = 0; i < 50 && found.isEmpty(); i++) {
        found =
            new HistoryChecker(2)
                .check(
                    List.of(
                        nodes.step(Action.UNBLOCK_KEY, 1),
                        nodes.step(Action.CALL, 1),
                        nodes.step(Action.BLOCK_KEY, 0),
                        nodes.step(Action.CALL, 1)));
      }
      assertThat(found.orElseThrow()).contains("CALL on node 1 gave OK");
    }
  }

  @Test
  void twoNodesThatEachThinkTheyAreAlone_areFound() {
    try (RecordedNodes nodes = new RecordedNodes(new InMemoryMetadataStore(), 2)) {
      List<Step> history = List.of(nodes.step(Action.BLOCK_VAULT, 0), nodes.step(Action.CALL, 1));
      assertThat(new HistoryChecker(2).check(history).orElseThrow())
          .contains("CALL on node 1 gave OK");
    }
  }

  /** A history in which nearly everything is refused, or nothing, would prove little. */
  private static void assertTelling(List<Step> history) {
    Map<String, Long> calls =
        history.stream()
            .filter(step -> step.action().isCall())
            .collect(Collectors.groupingBy(Step::outcome, Collectors.counting()));
    assertThat(calls).containsKeys(Step.OK, "KEY_BLOCKED", "VAULT_BLOCKED", "KEY_NOT_ACTIVE");
    assertThat(calls.getOrDefault(Step.UNKNOWN, 0L)).isLessThan(history.size() / 10);
  }
}
