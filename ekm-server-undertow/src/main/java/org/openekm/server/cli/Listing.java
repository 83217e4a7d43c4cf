// SPDX-License-Identifier: Apache-2.0
package org.openekm.server.cli;

import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.SerializationFeature;
import tools.jackson.databind.json.JsonMapper;

/** Prints what the admin API answers: one thing as lines of name and value, several as a table. */
final class Listing {

  private static final JsonMapper JSON =
      JsonMapper.builder().enable(SerializationFeature.INDENT_OUTPUT).build();
  private static final Map<String, String> LABELS =
      Map.of(
          "externalVaultUrl", "External vault URL",
          "externalKeyId", "External Key ID",
          "id", "Id",
          "ocid", "OCID",
          "clientId", "Client id",
          "jwksUrls", "JWKS URLs",
          "discoveryUrls", "Discovery URLs");
  private static final List<String> TABLE_COLUMNS =
      List.of(
          "name",
          "number",
          "id",
          "externalKeyId",
          "state",
          "current",
          "grants",
          "blocked",
          "ocid",
          "clientId",
          "externalVaultUrl",
          "currentVersion",
          "createdAt");

  private final PrintWriter out;

  Listing(PrintWriter out) {
    this.out = out;
  }

  void json(JsonNode answer) {
    out.println(JSON.writeValueAsString(answer));
    out.flush();
  }

  void text(JsonNode answer) {
    if (answer.has("items")) {
      table(answer.get("items"));
    } else {
      lines(answer);
    }
    out.flush();
  }

  private void lines(JsonNode object) {
    Map<String, String> values = new java.util.LinkedHashMap<>();
    object
        .properties()
        .forEach(entry -> values.put(label(entry.getKey()), shown(entry.getValue())));
    int width = values.keySet().stream().mapToInt(String::length).max().orElse(0);
    values.forEach((name, value) -> out.println(padded(name, width) + "  " + value));
  }

  private void table(JsonNode items) {
    if (items.isEmpty()) {
      out.println("none");
      return;
    }
    List<String> columns =
        TABLE_COLUMNS.stream().filter(column -> items.get(0).has(column)).toList();
    Map<String, Integer> widths = new TreeMap<>();
    for (String column : columns) {
      int width = label(column).length();
      for (JsonNode item : items) {
        width = Math.max(width, shown(item.path(column)).length());
      }
      widths.put(column, width);
    }
    out.println(row(columns, widths, Listing::label));
    for (JsonNode item : items) {
      out.println(row(columns, widths, column -> shown(item.path(column))));
    }
  }

  private static String row(
      List<String> columns,
      Map<String, Integer> widths,
      java.util.function.UnaryOperator<String> cell) {
    List<String> cells = new ArrayList<>();
    for (String column : columns) {
      cells.add(padded(cell.apply(column), widths.getOrDefault(column, 0)));
    }
    return String.join("  ", cells).stripTrailing();
  }

  private static String values(JsonNode object) {
    List<String> parts = new ArrayList<>();
    object.properties().forEach(part -> parts.add(shown(part.getValue())));
    return String.join(" ", parts);
  }

  private static String shown(JsonNode value) {
    if (value.isObject()) {
      List<String> pairs = new ArrayList<>();
      value.properties().forEach(each -> pairs.add(each.getKey() + "=" + shown(each.getValue())));
      return String.join(", ", pairs);
    }
    if (value.isArray()) {
      List<String> elements = new ArrayList<>();
      value.forEach(element -> elements.add(element.isObject() ? values(element) : shown(element)));
      return String.join(", ", elements);
    }
    return value.isString() || value.isNumber() || value.isBoolean() ? value.asString() : "-";
  }

  /** Makes "destroyAfter" into "Destroy after". */
  private static String label(String name) {
    String known = LABELS.get(name);
    if (known != null) {
      return known;
    }
    String words = name.replaceAll("([A-Z])", " $1").toLowerCase(Locale.ROOT);
    return Character.toUpperCase(words.charAt(0)) + words.substring(1);
  }

  private static String padded(String text, int width) {
    return text + " ".repeat(Math.max(0, width - text.length()));
  }
}
