// SPDX-License-Identifier: Apache-2.0
package org.openekm.server.admin;

import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.openekm.spi.ConfigurationProblem;
import org.openekm.spi.InvalidConfigurationException;

/**
 * The query of a request. As with the body, a parameter that is wrong is noted and the reading goes
 * on, and one that nobody asked for is refused: a filter with a slip in its name must not show
 * everything. Used by one thread.
 */
final class QueryParameters {

  private final Map<String, List<String>> values = new TreeMap<>();
  private final Set<String> unread = new TreeSet<>();
  private final List<ConfigurationProblem> problems = new ArrayList<>();

  QueryParameters(Map<String, Deque<String>> given) {
    given.forEach((name, texts) -> values.put(name, List.copyOf(texts)));
    unread.addAll(values.keySet());
  }

  static QueryParameters none() {
    return new QueryParameters(Map.of());
  }

  Optional<String> text(String name) {
    unread.remove(name);
    List<String> given = values.getOrDefault(name, List.of());
    if (given.size() > 1) {
      problem(name, "is given more than once", "give it once");
    }
    return given.stream().findFirst();
  }

  int integer(String name, int defaultValue, int min, int max) {
    Optional<String> text = text(name);
    try {
      int number = text.map(Integer::parseInt).orElse(defaultValue);
      if (number >= min && number <= max) {
        return number;
      }
    } catch (NumberFormatException e) {
      problem(name, "must be a whole number", "give a number from " + min + " to " + max);
      return defaultValue;
    }
    problem(name, "must be from " + min + " to " + max, "follow nextCursor for more");
    return defaultValue;
  }

  /** Returns one of these texts. */
  Optional<String> choice(String name, List<String> choices) {
    Optional<String> text = text(name);
    if (text.isPresent() && !choices.contains(text.get())) {
      problem(name, "is none that there is", "give one of " + String.join(", ", choices));
      return Optional.empty();
    }
    return text;
  }

  /**
   * Returns a flag.
   *
   * @return false if it is not there
   */
  boolean flag(String name) {
    return choice(name, List.of("true", "false")).map(Boolean::parseBoolean).orElse(false);
  }

  /** Returns the labels to filter by: those of {@code label=NAME=VALUE}. */
  Map<String, String> labels() {
    unread.remove("label");
    Map<String, String> labels = new HashMap<>();
    for (String label : values.getOrDefault("label", List.of())) {
      int equals = label.indexOf('=');
      if (equals < 1
          || labels.putIfAbsent(label.substring(0, equals), label.substring(equals + 1)) != null) {
        problem("label", "must be NAME=VALUE, each name once", "write ?label=team%3Dpayments");
      }
    }
    return labels;
  }

  void problem(String name, String problem, String hint) {
    problems.add(new ConfigurationProblem(name, problem, hint));
  }

  /**
   * Ends the reading.
   *
   * @throws InvalidConfigurationException with every problem
   */
  void finish() {
    unread.forEach(
        name -> problem(name, "is not a known parameter", "remove it or correct its name"));
    unread.clear();
    if (!problems.isEmpty()) {
      throw new InvalidConfigurationException(problems);
    }
  }
}
