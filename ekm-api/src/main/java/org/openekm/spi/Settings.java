// SPDX-License-Identifier: Apache-2.0
package org.openekm.spi;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Function;

/**
 * The settings of one part as flat text values under dotted keys ({@code pool.size}; elements of a
 * list end in {@code .0}, {@code .1} and so on), with typed access that collects every problem
 * instead of stopping at the first.
 *
 * <p>Read all settings, then call {@link #finish()}, which also reports settings that nobody read.
 * Not thread-safe.
 */
public final class Settings {

  private final Map<String, String> values;
  private final Set<String> unread;
  private final List<ConfigurationProblem> problems = new ArrayList<>();

  private Settings(Map<String, String> values) {
    this.values = new TreeMap<>(values);
    this.unread = new TreeSet<>(values.keySet());
  }

  /** Returns settings with these values. */
  public static Settings of(Map<String, String> values) {
    return new Settings(values);
  }

  /** Returns all settings as they were given; counts as reading none. */
  public Map<String, String> values() {
    return Map.copyOf(values);
  }

  /** Returns the text of a setting. */
  public Optional<String> text(String key) {
    unread.remove(key);
    return Optional.ofNullable(values.get(key)).filter(value -> !value.isBlank());
  }

  /**
   * Returns the text of a setting that must be there; the empty text and a problem if it is not.
   */
  public String requiredText(String key, String hint) {
    Optional<String> value = text(key);
    if (value.isEmpty()) {
      problem(key, "is missing", hint);
    }
    return value.orElse("");
  }

  /** Returns the elements of a list in their order; empty if there are none. */
  public List<String> list(String key) {
    List<String> elements = new ArrayList<>();
    for (int i = 0; values.containsKey(key + "." + i); i++) {
      text(key + "." + i).ifPresent(elements::add);
    }
    return List.copyOf(elements);
  }

  /**
   * Returns a whole number from {@code min} to {@code max}; the default and a problem if it is
   * something else.
   */
  public int integer(String key, int defaultValue, int min, int max) {
    String rule = "must be a whole number from " + min + " to " + max;
    return parsed(
        key,
        defaultValue,
        rule,
        text -> {
          int number = Integer.parseInt(text);
          if (number < min || number > max) {
            throw new IllegalArgumentException(rule);
          }
          return number;
        });
  }

  /** Returns {@code true} or {@code false}; the default and a problem if it is something else. */
  public boolean flag(String key, boolean defaultValue) {
    return parsed(
        key,
        defaultValue,
        "must be true or false",
        text ->
            switch (text) {
              case "true" -> true;
              case "false" -> false;
              default -> throw new IllegalArgumentException(text);
            });
  }

  /**
   * Returns a length of time, written as in {@code 250ms}, {@code 5s}, {@code 10m}, {@code 24h} or
   * {@code 7d}.
   */
  public Duration duration(String key, Duration defaultValue) {
    return parsed(
        key,
        defaultValue,
        "must be a length of time such as 250ms, 5s, 10m, 24h or 7d",
        Durations::parse);
  }

  /** Returns the constant of an enum, written in lower case with hyphens. */
  public <E extends Enum<E>> E choice(String key, Class<E> type, E defaultValue) {
    String names =
        String.join(
            ", ", List.of(type.getEnumConstants()).stream().map(Settings::spelled).toList());
    return parsed(
        key,
        defaultValue,
        "must be one of " + names,
        text -> {
          for (E constant : type.getEnumConstants()) {
            if (spelled(constant).equals(text)) {
              return constant;
            }
          }
          throw new IllegalArgumentException(text);
        });
  }

  /** Adds a problem that only the reader of the settings can see. */
  public void problem(String key, String problem, String hint) {
    problems.add(new ConfigurationProblem(key, problem, hint));
  }

  /**
   * Ends the reading.
   *
   * @throws InvalidConfigurationException with every problem, among them each setting that nobody
   *     read
   */
  public void finish() {
    for (String key : unread) {
      problem(key, "is not a known setting", "remove it or correct its name");
    }
    unread.clear();
    if (!problems.isEmpty()) {
      throw new InvalidConfigurationException(problems);
    }
  }

  private <T> T parsed(String key, T defaultValue, String rule, Function<String, T> parser) {
    Optional<String> value = text(key);
    if (value.isEmpty()) {
      return defaultValue;
    }
    try {
      return parser.apply(value.get().trim());
    } catch (IllegalArgumentException e) {
      problem(key, rule, "correct the value or remove it to use the default");
      return defaultValue;
    }
  }

  private static String spelled(Enum<?> constant) {
    return constant.name().toLowerCase(java.util.Locale.ROOT).replace('_', '-');
  }
}
