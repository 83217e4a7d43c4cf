// SPDX-License-Identifier: Apache-2.0
package org.openekm.server.config;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * A piece of YAML with the place where it stands. Values are kept as text; who reads them knows
 * their type.
 */
sealed interface YamlNode {

  /**
   * A place in the file, both from 1 on.
   *
   * @param line the line
   * @param column the column
   */
  record Place(int line, int column) {}

  /** Where the piece begins. */
  Place place();

  /**
   * A single value.
   *
   * @param text the value's text; empty if nothing was written
   */
  record Scalar(Place place, String text) implements YamlNode {}

  /** A list. */
  record Sequence(Place place, List<YamlNode> elements) implements YamlNode {}

  /**
   * Named pieces.
   *
   * @param keys where each name stands
   */
  record Mapping(Place place, Map<String, YamlNode> entries, Map<String, Place> keys)
      implements YamlNode {

    static Mapping empty(Place place) {
      return new Mapping(place, new LinkedHashMap<>(), new LinkedHashMap<>());
    }
  }
}
