// SPDX-License-Identifier: Apache-2.0
package org.openekm.testkit.drill;

import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Queue;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentLinkedQueue;

/**
 * What was asked and answered when, all by the clock of this one process. Thread-safe while it
 * grows; judged when all is over.
 *
 * <p>The rule: a call that begins after a block was acknowledged and is answered before anybody has
 * asked to unblock must not succeed, on whatever node. A call that began before the acknowledgement
 * may have its answer on the way while the acknowledgement arrives; how late such answers come is
 * told, for what they are: the time that an answer takes from the server's hand to the caller's.
 */
final class DrillHistory {

  /** A call that was answered with success. */
  record Success(String node, String key, long began, long ended) {}

  /** From the acknowledgement of a block to the request for the unblock. */
  record Blocked(String key, long acknowledged, long released) {}

  /** A node without its store. */
  record Cut(String node, long began, long healed) {}

  /** What was found. Times in nanoseconds. */
  record Verdict(
      List<String> violations, long answersOnTheWay, long latestOnTheWay, long latestWhileCut) {}

  private final Queue<Success> successes = new ConcurrentLinkedQueue<>();
  private final Queue<Blocked> blocks = new ConcurrentLinkedQueue<>();
  private final Queue<Cut> cuts = new ConcurrentLinkedQueue<>();
  private final Queue<String> wrong = new ConcurrentLinkedQueue<>();

  void add(Success success) {
    successes.add(success);
  }

  void add(Blocked blocked) {
    blocks.add(blocked);
  }

  void add(Cut cut) {
    cuts.add(cut);
  }

  /** Records an answer that is wrong by itself, such as another plaintext. */
  void wrong(String what) {
    wrong.add(what);
  }

  Collection<Cut> cuts() {
    return cuts;
  }

  long successes() {
    return successes.size();
  }

  /** Judges by the time after a cut at which a node must have given its last answer. */
  Verdict judge(long lastAnswerNanos) {
    List<String> violations = new ArrayList<>(wrong);
    Map<String, NavigableMap<Long, Blocked>> byKey = new HashMap<>();
    for (Blocked blocked : blocks) {
      byKey
          .computeIfAbsent(blocked.key(), key -> new TreeMap<>())
          .put(blocked.acknowledged(), blocked);
    }
    long onTheWay = 0;
    long latest = 0;
    long latestCut = 0;
    for (Success success : successes) {
      NavigableMap<Long, Blocked> mine = byKey.getOrDefault(success.key(), new TreeMap<>());
      Map.Entry<Long, Blocked> before = mine.floorEntry(success.began());
      if (before != null && before.getValue().released() > success.ended()) {
        violations.add(text(success, before.getValue()));
      }
      Map.Entry<Long, Blocked> during = mine.higherEntry(success.began());
      if (during != null && during.getKey() < success.ended()) {
        onTheWay++;
        latest = Math.max(latest, success.ended() - during.getKey());
      }
      latestCut = Math.max(latestCut, whileCut(success, lastAnswerNanos, violations));
    }
    return new Verdict(List.copyOf(violations), onTheWay, latest, latestCut);
  }

  /** Returns how long after a cut the call began that succeeded; 0 if the node was not cut off. */
  private long whileCut(Success success, long lastAnswerNanos, List<String> violations) {
    for (Cut cut : cuts) {
      boolean within =
          cut.node().equals(success.node())
              && success.began() > cut.began()
              && success.ended() < cut.healed();
      if (within) {
        long after = success.began() - cut.began();
        if (after > lastAnswerNanos) {
          violations.add(
              "%s served %.1f ms after it was cut off from the store"
                  .formatted(success.node(), after / 1e6));
        }
        return after;
      }
    }
    return 0;
  }

  private static String text(Success success, Blocked blocked) {
    return "%s served key %s by a call that began %.1f ms after the block was acknowledged"
        .formatted(success.node(), success.key(), (success.began() - blocked.acknowledged()) / 1e6);
  }
}
