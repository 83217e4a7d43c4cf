// SPDX-License-Identifier: Apache-2.0
package org.openekm.docs.pages;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.Map;
import java.util.TreeMap;
import org.openekm.core.wire.WireProfile;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** The data file of a built-in wire profile, as it stands in the jar. */
final class ProfileData {

  private ProfileData() {}

  static JsonNode read(String profile) {
    try (InputStream data = WireProfile.class.getResourceAsStream(profile + ".json")) {
      if (data == null) {
        throw new AssertionError("no profile " + profile);
      }
      return JsonMapper.builder().build().readTree(data.readAllBytes());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Returns the general text of each error code. */
  static Map<String, String> generalTexts(JsonNode profile) {
    return texts(profile.path("errors"));
  }

  /**
   * Returns the texts of single operations that differ from the general ones, by "operation code".
   */
  static Map<String, String> specialTexts(JsonNode profile) {
    Map<String, String> general = generalTexts(profile);
    Map<String, String> special = new TreeMap<>();
    for (Map.Entry<String, JsonNode> operation : profile.path("operations").properties()) {
      texts(operation.getValue().path("errors"))
          .forEach(
              (code, text) -> {
                if (!text.equals(general.get(code))) {
                  special.put(operation.getKey() + " " + code, text);
                }
              });
    }
    return special;
  }

  private static Map<String, String> texts(JsonNode node) {
    Map<String, String> texts = new TreeMap<>();
    node.properties().forEach(entry -> texts.put(entry.getKey(), entry.getValue().asString()));
    return texts;
  }
}
