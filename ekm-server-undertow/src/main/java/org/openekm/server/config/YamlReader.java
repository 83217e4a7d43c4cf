// SPDX-License-Identifier: Apache-2.0
package org.openekm.server.config;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.openekm.spi.ConfigurationProblem;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.core.StreamReadConstraints;
import tools.jackson.core.TokenStreamLocation;
import tools.jackson.dataformat.yaml.YAMLFactory;
import tools.jackson.dataformat.yaml.YAMLParser;

/**
 * Reads YAML into nodes that know their place. Anchors and aliases are refused: they hide what a
 * value is.
 */
final class YamlReader {

  private static final int MAX_DEPTH = 16;
  private static final int MAX_TEXT = 64 * 1024;

  private final Problems problems;
  private final YAMLFactory factory =
      YAMLFactory.builder()
          .streamReadConstraints(
              StreamReadConstraints.builder()
                  .maxNestingDepth(MAX_DEPTH)
                  .maxStringLength(MAX_TEXT)
                  .build())
          .build();

  YamlReader(Problems problems) {
    this.problems = problems;
  }

  /** Returns the file's mapping; an empty one, and a problem, if it isn't YAML or not a mapping. */
  YamlNode.Mapping read(String text) {
    YamlNode.Place top = new YamlNode.Place(1, 1);
    try (JsonParser parser =
        factory.createParser(tools.jackson.core.ObjectReadContext.empty(), text)) {
      if (parser.nextToken() == null) {
        return YamlNode.Mapping.empty(top);
      }
      YamlNode node = node(parser, "");
      if (parser.nextToken() != null) {
        problems.at(
            place(parser.currentTokenLocation()),
            new ConfigurationProblem(
                "", "has a second document", "write all settings above the line ---"));
      }
      if (node instanceof YamlNode.Mapping mapping) {
        return mapping;
      }
      problems.at(
          node.place(),
          new ConfigurationProblem(
              "", "must consist of settings", "begin with a line such as endpoint:"));
    } catch (JacksonException e) {
      TokenStreamLocation location = e.getLocation();
      problems.at(
          location == null ? top : new YamlNode.Place(location.getLineNr(), location.getColumnNr()),
          new ConfigurationProblem(
              "", "can't be read as YAML from here on", "check indentation, quotes and colons"));
    }
    return YamlNode.Mapping.empty(top);
  }

  private YamlNode node(JsonParser parser, String path) {
    YamlNode.Place place = place(parser.currentTokenLocation());
    JsonToken token = parser.currentToken();
    if (parser instanceof YAMLParser yaml && yaml.isCurrentAlias()) {
      problems.at(
          place,
          new ConfigurationProblem(path, "is a YAML alias", "write the value itself in its place"));
      return new YamlNode.Scalar(place, "");
    }
    return switch (token) {
      case START_OBJECT -> mapping(parser, path, place);
      case START_ARRAY -> sequence(parser, path, place);
      case VALUE_NULL -> new YamlNode.Scalar(place, "");
      default -> new YamlNode.Scalar(place, parser.getString());
    };
  }

  private YamlNode mapping(JsonParser parser, String path, YamlNode.Place place) {
    YamlNode.Mapping mapping = YamlNode.Mapping.empty(place);
    while (parser.nextToken() == JsonToken.PROPERTY_NAME) {
      String name = parser.currentName();
      String below = Problems.join(path, name);
      YamlNode.Place at = place(parser.currentTokenLocation());
      parser.nextToken();
      YamlNode value = node(parser, below);
      Map<String, YamlNode.Place> keys = mapping.keys();
      if (keys.containsKey(name)) {
        problems.at(
            at,
            new ConfigurationProblem(
                below,
                "is there twice, first on line " + keys.get(name).line(),
                "keep one of the two"));
      } else {
        keys.put(name, at);
        mapping.entries().put(name, value);
      }
    }
    return mapping;
  }

  private YamlNode sequence(JsonParser parser, String path, YamlNode.Place place) {
    List<YamlNode> elements = new ArrayList<>();
    while (parser.nextToken() != JsonToken.END_ARRAY) {
      elements.add(node(parser, path + "." + elements.size()));
    }
    return new YamlNode.Sequence(place, elements);
  }

  private static YamlNode.Place place(TokenStreamLocation location) {
    return new YamlNode.Place(location.getLineNr(), location.getColumnNr());
  }
}
