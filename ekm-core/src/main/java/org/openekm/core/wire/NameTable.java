// SPDX-License-Identifier: Apache-2.0
package org.openekm.core.wire;

import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Which names stand for which request field. Immutable and thread-safe. */
final class NameTable {

  private final Map<String, RequestField> byName;
  private final Map<RequestField, String> primary;

  /** Makes a table; each field's first name is the one that error texts use. */
  NameTable(Map<RequestField, List<String>> names) {
    Map<String, RequestField> all = new HashMap<>();
    EnumMap<RequestField, String> first = new EnumMap<>(RequestField.class);
    names.forEach(
        (field, synonyms) -> {
          synonyms.forEach(name -> all.put(name, field));
          first.put(field, synonyms.get(0));
        });
    this.byName = Map.copyOf(all);
    this.primary = first;
  }

  @Nullable RequestField field(String name) {
    return byName.get(name);
  }

  String primary(RequestField field) {
    return primary.getOrDefault(field, field.key());
  }

  /** Returns the rule that something with any other name breaks. */
  String rule() {
    return primary.isEmpty()
        ? "must be empty"
        : "may hold only " + String.join(", ", primary.values());
  }
}
