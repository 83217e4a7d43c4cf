// SPDX-License-Identifier: Apache-2.0
package org.openekm.server.store;

import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import tools.jackson.core.type.TypeReference;
import tools.jackson.databind.json.JsonMapper;

/** How values are written into columns that both databases have. */
final class Columns {

  private static final JsonMapper JSON = JsonMapper.builder().build();
  private static final TypeReference<List<String>> TEXTS = new TypeReference<>() {};
  private static final TypeReference<Map<String, String>> LABELS = new TypeReference<>() {};

  private Columns() {}

  static String list(Collection<?> values) {
    return JSON.writeValueAsString(values.stream().map(Object::toString).sorted().toList());
  }

  static String orderedList(Collection<?> values) {
    return JSON.writeValueAsString(values.stream().map(Object::toString).toList());
  }

  static List<String> texts(String column) {
    return JSON.readValue(column, TEXTS);
  }

  /** Writes names in their order, so that equal labels are equal text. */
  static String object(Map<String, String> labels) {
    return JSON.writeValueAsString(new TreeMap<>(labels));
  }

  static Map<String, String> labels(String column) {
    return column.equals("{}") ? Map.of() : JSON.readValue(column, LABELS);
  }

  static int flag(boolean value) {
    return value ? 1 : 0;
  }

  /**
   * Returns a statement with a parameter for each column and for the revision. Table and column
   * names come from this package only, never from input.
   */
  static String upsertStatement(String table, String... named) {
    String[] columns = Arrays.copyOf(named, named.length + 1);
    columns[named.length] = "revision";
    String names = String.join(", ", columns);
    String values =
        Arrays.stream(columns).map(name -> ":" + name).collect(Collectors.joining(", "));
    String updates =
        Arrays.stream(columns)
            .skip(1)
            .map(name -> name + " = excluded." + name)
            .collect(Collectors.joining(", "));
    return "INSERT INTO %s (%s) VALUES (%s) ON CONFLICT (%s) DO UPDATE SET %s"
        .formatted(table, names, values, columns[0], updates);
  }
}
