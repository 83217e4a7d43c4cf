// SPDX-License-Identifier: Apache-2.0
package org.openekm.core.wire;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.openekm.spi.ConfigurationProblem;
import org.openekm.spi.InvalidConfigurationException;
import tools.jackson.core.JacksonException;
import tools.jackson.core.StreamReadFeature;
import tools.jackson.core.json.JsonFactory;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/**
 * Finds a profile's data, and lays it over the built-in profile that it {@code extends}, if it
 * does.
 */
final class WireProfileLoader {

  private static final List<String> BUILT_IN = List.of("oci-default", "oci-strict");
  private static final int LARGEST_FILE = 1 << 20;
  private static final String EXTENDS = "extends";
  private static final String RESPONSE = "response";

  private WireProfileLoader() {}

  static WireProfile builtIn(String name) {
    return WireProfileReader.read(builtInTree(name, "name"));
  }

  static WireProfile load(Path file) {
    ObjectNode tree = parse(readFile(file), file.toString());
    JsonNode base = tree.remove(EXTENDS);
    if (base == null) {
      return WireProfileReader.read(tree);
    }
    return WireProfileReader.read(merge(builtInTree(base.asString(""), EXTENDS), tree));
  }

  private static byte[] readFile(Path file) {
    try {
      if (Files.size(file) > LARGEST_FILE) {
        throw invalid(file.toString(), "is over 1 MiB", "name a wire profile, a small JSON file");
      }
      return Files.readAllBytes(file);
    } catch (IOException e) {
      throw invalid(
          file.toString(),
          "can't be read: " + e.getClass().getSimpleName(),
          "check that the file exists and that this user may read it");
    }
  }

  private static ObjectNode builtInTree(String name, String field) {
    if (!BUILT_IN.contains(name)) {
      throw invalid(field, "names no built-in wire profile", "use one of " + BUILT_IN);
    }
    try (InputStream resource = WireProfile.class.getResourceAsStream(name + ".json")) {
      if (resource == null) {
        throw new IllegalStateException("the jar lacks " + name + ".json");
      }
      return parse(resource.readAllBytes(), name);
    } catch (IOException e) {
      throw new IllegalStateException("the jar's " + name + ".json can't be read", e);
    }
  }

  private static ObjectNode parse(byte[] json, String source) {
    try {
      JsonNode tree = mapper().readTree(json);
      if (tree instanceof ObjectNode object) {
        return object;
      }
      throw invalid(source, "is not a JSON object", "start from a copy of oci-default.json");
    } catch (JacksonException e) {
      throw invalid(
          source,
          "is not JSON: " + e.getOriginalMessage() + " at " + position(e),
          "mend the file at that place");
    }
  }

  private static String position(JacksonException e) {
    return e.getLocation() == null
        ? "an unknown place"
        : "line " + e.getLocation().getLineNr() + ", column " + e.getLocation().getColumnNr();
  }

  private static JsonMapper mapper() {
    JsonFactory factory =
        JsonFactory.builder().enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION).build();
    return JsonMapper.builder(factory)
        .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
        .build();
  }

  /**
   * Objects merge name by name, null takes a name away, and everything else, a whole response too,
   * is replaced.
   */
  private static ObjectNode merge(ObjectNode base, ObjectNode over) {
    for (Map.Entry<String, JsonNode> member : over.properties()) {
      String name = member.getKey();
      JsonNode value = member.getValue();
      JsonNode old = base.get(name);
      if (value.isNull()) {
        base.remove(name);
      } else if (value instanceof ObjectNode object
          && old instanceof ObjectNode oldObject
          && !name.equals(RESPONSE)) {
        merge(oldObject, object);
      } else {
        base.set(name, value);
      }
    }
    return base;
  }

  private static InvalidConfigurationException invalid(String field, String problem, String hint) {
    return new InvalidConfigurationException(
        List.of(new ConfigurationProblem(field, problem, hint)));
  }
}
