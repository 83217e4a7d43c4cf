// SPDX-License-Identifier: Apache-2.0
package org.openekm.core.policy;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import tools.jackson.databind.JsonNode;

/**
 * Reads the members of one JSON object, notes what is wrong, and at the end refuses members that
 * nobody asked for.
 */
final class NodeReader {

  private final String path;
  private final JsonNode node;
  private final List<String> problems;
  private final Set<String> known = new LinkedHashSet<>();

  NodeReader(String path, JsonNode node, List<String> problems) {
    this.path = path;
    this.node = node;
    this.problems = problems;
  }

  void problem(String member, String rule) {
    problems.add(at(member) + ": " + rule);
  }

  /** Returns the text of a member; absent, with a note if it is there as something else. */
  Optional<String> text(String member) {
    known.add(member);
    JsonNode value = node.get(member);
    if (value == null) {
      return Optional.empty();
    }
    if (!value.isString() || value.stringValue().isBlank()) {
      problem(member, "must be a text that is not empty");
      return Optional.empty();
    }
    return Optional.of(value.stringValue());
  }

  /** Returns the elements of a member that must be an array, empty or not. */
  List<JsonNode> requiredArray(String member) {
    known.add(member);
    JsonNode value = node.get(member);
    if (value == null || !value.isArray()) {
      problem(member, value == null ? "is missing" : "must be an array");
      return List.of();
    }
    return elements(value);
  }

  /** Returns the elements of a member that may be left out but not be empty. */
  List<JsonNode> optionalArray(String member) {
    known.add(member);
    JsonNode value = node.get(member);
    if (value == null) {
      return List.of();
    }
    if (!value.isArray() || value.isEmpty()) {
      problem(
          member, "must be an array with at least one element; leave it out to match everything");
      return List.of();
    }
    return elements(value);
  }

  /**
   * Returns what {@code parser} makes of the texts of an optional array; its exceptions tell the
   * rule that was broken.
   */
  <T> List<T> parsedTexts(String member, Function<String, T> parser) {
    List<JsonNode> elements = optionalArray(member);
    List<T> parsed = new ArrayList<>();
    for (int i = 0; i < elements.size(); i++) {
      String place = member + "[" + i + "]";
      if (!elements.get(i).isString() || elements.get(i).stringValue().isBlank()) {
        problem(place, "must be a text that is not empty");
        continue;
      }
      try {
        parsed.add(parser.apply(elements.get(i).stringValue()));
      } catch (IllegalArgumentException e) {
        problem(place, String.valueOf(e.getMessage()));
      }
    }
    return parsed;
  }

  void refuseOtherMembers() {
    Set<String> others = new HashSet<>(node.propertyNames());
    others.removeAll(known);
    others.stream()
        .sorted()
        .forEach(
            name ->
                problem(
                    shown(name),
                    "is not known here; remove it or use one of " + String.join(", ", known)));
  }

  String at(String member) {
    return "policy".equals(path) ? member : path + "." + member;
  }

  // A policy is the operator's own text, but a stray control character must not reach a terminal.
  private static String shown(String name) {
    String plain = name.replaceAll("[^!-~]", "?");
    return plain.length() <= 64 ? plain : plain.substring(0, 64) + "...";
  }

  private static List<JsonNode> elements(JsonNode array) {
    List<JsonNode> elements = new ArrayList<>(array.size());
    array.forEach(elements::add);
    return elements;
  }
}
