// SPDX-License-Identifier: Apache-2.0
package org.openekm.server.config;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;
import org.openekm.spi.ConfigurationProblem;

/**
 * What goes along while a file is read: the problems, the places, the references' resolution, and
 * the list of all settings that were asked for, from which the reference is made. Not thread-safe.
 */
final class Reading {

  private final Problems problems = new Problems();
  private final Map<String, YamlNode.Place> places = new TreeMap<>();
  private final List<ConfigKey> keys = new ArrayList<>();
  private final References references;
  private final boolean describing;

  private Reading(References references, boolean describing) {
    this.references = references;
    this.describing = describing;
  }

  /** Returns a reading of a file in this folder. */
  static Reading of(Path folder, UnaryOperator<@Nullable String> environment) {
    return new Reading(new References(folder, environment), false);
  }

  /** Returns a reading that only finds out which settings there are. */
  static Reading describing() {
    return new Reading(new References(Path.of(""), name -> null), true);
  }

  Problems problems() {
    return problems;
  }

  References references() {
    return references;
  }

  boolean isDescribing() {
    return describing;
  }

  List<ConfigKey> keys() {
    return keys;
  }

  void describe(ConfigKey key) {
    keys.add(key);
  }

  void remember(String path, YamlNode.Place place) {
    places.put(path, place);
  }

  void problem(YamlNode.Place place, String field, String problem, String hint) {
    // Nothing is missing or wrong in a file that isn't there.
    if (!describing) {
      problems.at(place, new ConfigurationProblem(field, problem, hint));
    }
  }

  /**
   * Adds a problem of which only the field is known: it goes to the line of the field, or of what
   * it lies in.
   */
  void problem(ConfigurationProblem problem) {
    problems.at(locate(problem.field()).orElse(new YamlNode.Place(1, 1)), problem);
  }

  private Optional<YamlNode.Place> locate(String field) {
    String path = field;
    while (!path.isEmpty()) {
      YamlNode.Place place = places.get(path);
      if (place != null) {
        return Optional.of(place);
      }
      int dot = path.lastIndexOf('.');
      path = dot < 0 ? "" : path.substring(0, dot);
    }
    return Optional.empty();
  }
}
