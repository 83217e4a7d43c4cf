// SPDX-License-Identifier: Apache-2.0
package org.openekm.core.wire;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import org.openekm.spi.ConfigurationProblem;
import org.openekm.spi.InvalidConfigurationException;
import tools.jackson.databind.JsonNode;

/**
 * One object of a profile's data, with its path. Whatever is wrong goes into a list that all nodes
 * share, and reading goes on with a stand-in, so that all problems are found in one go.
 */
final class ProfileNode {

  /** What may stand as a name or a word on the wire: nothing that JSON would have to escape. */
  private static final Pattern WORD = Pattern.compile("[A-Za-z0-9_.:/ -]{1,64}");

  private final JsonNode node;
  private final String path;
  private final List<ConfigurationProblem> problems;

  private ProfileNode(JsonNode node, String path, List<ConfigurationProblem> problems) {
    this.node = node;
    this.path = path;
    this.problems = problems;
  }

  static ProfileNode root(JsonNode node) {
    return new ProfileNode(node, "", new ArrayList<>());
  }

  void failOnProblems() {
    if (!problems.isEmpty()) {
      throw new InvalidConfigurationException(problems);
    }
  }

  void problem(String name, String problem, String hint) {
    problems.add(new ConfigurationProblem(pathOf(name), problem, hint));
  }

  private String pathOf(String name) {
    return path.isEmpty() || name.isEmpty() ? path + name : path + "." + name;
  }

  /** Reports every name that is not among the known ones. */
  void allow(Set<String> known) {
    for (String name : node.propertyNames()) {
      if (!known.contains(name)) {
        problem(name, "is not known here", "use one of " + new TreeSet<>(known));
      }
    }
  }

  boolean has(String name) {
    return node.has(name);
  }

  /** Returns the nested object; an empty one, and a problem, if there is none. */
  ProfileNode object(String name) {
    JsonNode child = node.path(name);
    if (!child.isObject()) {
      problem(name, "must be an object", "see the same place in oci-default.json");
    }
    return new ProfileNode(child, pathOf(name), problems);
  }

  /** Returns the nested object; an empty one if there is none. */
  ProfileNode objectOrEmpty(String name) {
    return has(name) ? object(name) : new ProfileNode(node.path(name), pathOf(name), problems);
  }

  /** Returns the objects of a list. */
  List<ProfileNode> objects(String name) {
    List<ProfileNode> children = new ArrayList<>();
    JsonNode list = node.path(name);
    if (!list.isArray() || list.isEmpty()) {
      problem(name, "must be a list of at least one object", "see oci-default.json");
    }
    for (int i = 0; i < list.size(); i++) {
      String item = name + "[" + i + "]";
      if (!list.get(i).isObject()) {
        problem(item, "must be an object", "see oci-default.json");
      }
      children.add(new ProfileNode(list.get(i), pathOf(item), problems));
    }
    return children;
  }

  List<String> names() {
    return List.copyOf(node.propertyNames());
  }

  /** Returns true if the member is an object. */
  boolean isObject(String name) {
    return node.path(name).isObject();
  }

  boolean flag(String name) {
    JsonNode value = node.path(name);
    if (!value.isBoolean()) {
      problem(name, "must be true or false", "write it without quotes");
    }
    return value.asBoolean(false);
  }

  int integer(String name, int min, int max) {
    JsonNode value = node.path(name);
    int number = value.isInt() ? value.intValue() : min - 1;
    if (number < min || number > max) {
      problem(name, "must be a whole number from " + min + " to " + max, "write it without quotes");
      return min;
    }
    return number;
  }

  String text(String name) {
    JsonNode value = node.path(name);
    String text = value.isString() ? value.stringValue() : "";
    if (text.isBlank()) {
      problem(name, "must be a text that is not blank", "see oci-default.json");
    }
    return text;
  }

  /** Returns a name or word as it goes over the wire. */
  String word(String name) {
    String text = text(name);
    if (!text.isBlank()) {
      requireWord(name, text);
    }
    return text;
  }

  List<String> words(String name) {
    JsonNode list = node.path(name);
    List<String> words = new ArrayList<>();
    for (JsonNode item : list) {
      String word = item.isString() ? item.stringValue() : "";
      requireWord(name, word);
      words.add(word);
    }
    if (!list.isArray() || words.isEmpty()) {
      problem(name, "must be a list of at least one name", "write [\"name\"]");
    }
    return words;
  }

  void requireWord(String name, String word) {
    if (!WORD.matcher(word).matches()) {
      problem(
          name,
          "must be 1 to 64 letters, digits, spaces or any of _ . : / -",
          "take the name as OCI writes it");
    }
  }

  /** Returns a text for each name, in the order of the data. */
  Map<String, String> texts() {
    Map<String, String> texts = new LinkedHashMap<>();
    names().forEach(name -> texts.put(name, text(name)));
    return texts;
  }
}
