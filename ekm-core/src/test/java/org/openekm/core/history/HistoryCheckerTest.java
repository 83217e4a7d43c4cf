// SPDX-License-Identifier: Apache-2.0
package org.openekm.core.history;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

/** Histories of which it is known whether they keep the promise. */
final class HistoryCheckerTest {

  private static final String BLOCKED = "KEY_BLOCKED";

  private final HistoryChecker one = new HistoryChecker(1);
  private final HistoryChecker two = new HistoryChecker(2);

  @Test
  void callsBeforeAndAfterABlock_asTheyShouldBe_areExplained() {
    assertThat(
            one.check(
                List.of(
                    call(0, Step.OK, 0, 1),
                    step(Action.BLOCK_KEY, 0, 2, 3),
                    call(0, BLOCKED, 4, 5),
                    step(Action.UNBLOCK_KEY, 0, 6, 7),
                    call(0, Step.OK, 8, 9))))
        .isEmpty();
  }

  @Test
  void successAfterAnAcknowledgedBlock_isFound() {
    List<Step> history = List.of(step(Action.BLOCK_KEY, 0, 0, 1), call(0, Step.OK, 2, 3));
    assertThat(one.check(history).orElseThrow()).contains("CALL on node 0 gave OK");
    assertThat(two.check(history)).isPresent();
  }

  @Test
  void successOnAnotherNodeAfterAnAcknowledgedBlock_isFound() {
    for (Action revoking : List.of(Action.BLOCK_KEY, Action.BLOCK_VAULT, Action.DISABLE_KEY)) {
      assertThat(two.check(List.of(step(revoking, 0, 0, 1), call(1, Step.OK, 2, 3)))).isPresent();
    }
  }

  @Test
  void successWhileABlockIsOnItsWay_isExplained() {
    assertThat(two.check(List.of(step(Action.BLOCK_KEY, 0, 0, 9), call(1, Step.OK, 2, 3))))
        .isEmpty();
  }

  @Test
  void twoCallsWhileABlockIsOnItsWay_refusedAndThenServedByOneNode_isFound() {
    List<Step> history =
        List.of(step(Action.BLOCK_KEY, 0, 0, 9), call(1, BLOCKED, 2, 3), call(1, Step.OK, 4, 5));
    assertThat(one.check(onNodeZero(history))).isPresent();
    assertThat(two.check(history)).isPresent();
  }

  @Test
  void refusalAfterAnAcknowledgedUnblock_onTheNodeThatUnblocked_isFound_elsewhereExplained() {
    Step block = step(Action.BLOCK_KEY, 0, 0, 1);
    Step unblock = step(Action.UNBLOCK_KEY, 0, 2, 3);
    assertThat(one.check(List.of(block, unblock, call(0, BLOCKED, 4, 5)))).isPresent();
    assertThat(two.check(List.of(block, unblock, call(0, BLOCKED, 4, 5)))).isPresent();
    assertThat(two.check(List.of(block, unblock, call(1, BLOCKED, 4, 5)))).isEmpty();
  }

  @Test
  void lostBlock_beneathAnUnblockOfTheVault_isFound() {
    assertThat(
            one.check(
                List.of(
                    step(Action.BLOCK_VAULT, 0, 0, 1),
                    step(Action.BLOCK_KEY, 0, 2, 3),
                    step(Action.UNBLOCK_VAULT, 0, 4, 5),
                    call(0, Step.OK, 6, 7))))
        .isPresent();
  }

  @Test
  void disablingTwice_oneMustFail() {
    Step first = step(Action.DISABLE_KEY, 0, 0, 5);
    Step second = step(Action.DISABLE_KEY, 0, 1, 6);
    assertThat(one.check(List.of(first, second))).isPresent();
    assertThat(one.check(List.of(first, new Step(Action.DISABLE_KEY, 0, "WRONG_STATE", 1, 6))))
        .isEmpty();
  }

  @Test
  void changeWithoutAKnownOutcome_mayHaveTakenEffectOrNot() {
    Step block = new Step(Action.BLOCK_KEY, 0, Step.UNKNOWN, 0, 1);
    assertThat(one.check(List.of(block, call(0, Step.OK, 2, 3), call(0, BLOCKED, 4, 5)))).isEmpty();
    assertThat(one.check(List.of(block, call(0, BLOCKED, 2, 3), call(0, Step.OK, 4, 5))))
        .isPresent();
  }

  private static List<Step> onNodeZero(List<Step> history) {
    return history.stream()
        .map(each -> new Step(each.action(), 0, each.outcome(), each.began(), each.ended()))
        .toList();
  }

  private static Step step(Action action, int node, long began, long ended) {
    return new Step(action, node, Step.OK, began, ended);
  }

  private static Step call(int node, String outcome, long began, long ended) {
    return new Step(Action.CALL, node, outcome, began, ended);
  }
}
