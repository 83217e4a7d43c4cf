// SPDX-License-Identifier: Apache-2.0
package org.openekm.testkit.fake;

import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Which fault strikes which call: rules over the running number of the calls of each kind. Of
 * several rules that match, the one added first wins. Thread-safe.
 */
final class FaultScript<C extends Enum<C>, F> {

  private record Rule<F>(long first, long last, F fault) {
    boolean covers(long number) {
      return first <= number && number <= last;
    }
  }

  private final Map<C, Long> counts;
  private final Map<C, List<Rule<F>>> rules;

  FaultScript(Class<C> kinds) {
    this.counts = new EnumMap<>(kinds);
    this.rules = new EnumMap<>(kinds);
  }

  /**
   * Adds a rule for the calls number {@code from} to {@code to}, where 1 is the next call of the
   * kind.
   */
  synchronized void add(C kind, long from, long to, F fault) {
    if (from < 1 || to < from) {
      throw new IllegalArgumentException(
          "calls are counted from 1, the next one; got " + from + " to " + to);
    }
    long done = count(kind);
    long last = to == Long.MAX_VALUE ? to : done + to;
    rules
        .computeIfAbsent(kind, ignored -> new ArrayList<>())
        .add(new Rule<>(done + from, last, fault));
  }

  /** Counts a call and returns what strikes it. */
  synchronized Optional<F> onCall(C kind) {
    long number = count(kind) + 1;
    counts.put(kind, number);
    return rules.getOrDefault(kind, List.of()).stream()
        .filter(rule -> rule.covers(number))
        .findFirst()
        .map(Rule::fault);
  }

  synchronized long count(C kind) {
    return counts.getOrDefault(kind, 0L);
  }

  /** Forgets the rules; the counts go on. */
  synchronized void clear() {
    rules.clear();
  }
}
