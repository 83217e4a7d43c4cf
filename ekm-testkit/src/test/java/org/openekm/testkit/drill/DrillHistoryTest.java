// SPDX-License-Identifier: Apache-2.0
package org.openekm.testkit.drill;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.openekm.testkit.drill.DrillHistory.Blocked;
import org.openekm.testkit.drill.DrillHistory.Cut;
import org.openekm.testkit.drill.DrillHistory.Success;
import org.openekm.testkit.drill.DrillHistory.Verdict;

/** A drill that can't fail proves nothing: what breaks the rule is found, what doesn't is not. */
class DrillHistoryTest {

  private static final long LAST_ANSWER = 50;

  private final DrillHistory history = new DrillHistory();

  private Verdict verdict() {
    return history.judge(LAST_ANSWER);
  }

  @Test
  void successWhollyWithinABlock_breaksTheRule() {
    history.add(new Blocked("key", 100, 200));
    history.add(new Blocked("key", 300, 400));
    history.add(new Success("node-2", "key", 310, 320));

    assertThat(verdict().violations()).singleElement().asString().contains("node-2", "key");
  }

  @Test
  void successOnAnotherKeyOrOutsideOfBlocks_isFine() {
    history.add(new Blocked("key", 100, 200));
    history.add(new Success("node-1", "other", 110, 120));
    history.add(new Success("node-1", "key", 50, 60));
    history.add(new Success("node-1", "key", 201, 210));

    assertThat(verdict().violations()).isEmpty();
    assertThat(verdict().answersOnTheWay()).isZero();
  }

  @Test
  void answerOnTheWayWhenTheBlockIsAcknowledged_isToldButBreaksNoRule() {
    history.add(new Blocked("key", 100, 200));
    history.add(new Success("node-1", "key", 90, 107));

    assertThat(verdict().violations()).isEmpty();
    assertThat(verdict().answersOnTheWay()).isEqualTo(1);
    assertThat(verdict().latestOnTheWay()).isEqualTo(7);
  }

  @Test
  void callThatOutlastsTheBlock_mayBeServedByTheUnblock() {
    history.add(new Blocked("key", 100, 200));
    history.add(new Success("node-1", "key", 190, 210));

    assertThat(verdict().violations()).isEmpty();
  }

  @Test
  void nodeThatServesLongAfterItWasCutOff_breaksTheRule() {
    history.add(new Cut("node-1", 1000, 2000));
    history.add(new Success("node-1", "key", 1040, 1045));
    history.add(new Success("node-2", "key", 1500, 1501));
    assertThat(verdict().violations()).isEmpty();
    assertThat(verdict().latestWhileCut()).isEqualTo(40);

    history.add(new Success("node-1", "key", 1051, 1060));

    assertThat(verdict().violations()).singleElement().asString().contains("cut off");
  }

  @Test
  void wrongPlaintext_breaksTheRule() {
    history.wrong("node-1 decrypted to another plaintext");

    assertThat(verdict().violations()).containsExactly("node-1 decrypted to another plaintext");
  }
}
