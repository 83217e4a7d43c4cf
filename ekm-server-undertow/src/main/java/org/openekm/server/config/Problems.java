// SPDX-License-Identifier: Apache-2.0
package org.openekm.server.config;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import org.openekm.spi.ConfigurationProblem;

/** Collects problems. Not thread-safe. */
final class Problems {

  private final List<LocatedProblem> found = new ArrayList<>();

  void at(YamlNode.Place place, ConfigurationProblem problem) {
    found.add(new LocatedProblem(place.line(), place.column(), problem));
  }

  boolean isEmpty() {
    return found.isEmpty();
  }

  /** Throws if there are any. */
  void raise(String file) {
    if (!found.isEmpty()) {
      throw new ConfigException(
          file,
          found.stream()
              .sorted(
                  Comparator.comparingInt(LocatedProblem::line)
                      .thenComparingInt(LocatedProblem::column))
              .toList());
    }
  }

  static String join(String path, String name) {
    if (name.isEmpty()) {
      return path;
    }
    return path.isEmpty() ? name : path + "." + name;
  }
}
