// SPDX-License-Identifier: Apache-2.0
package org.openekm.core.auth;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.core.StreamReadConstraints;
import tools.jackson.core.StreamReadFeature;
import tools.jackson.core.TokenStreamFactory;
import tools.jackson.core.json.JsonFactory;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * A JSON object read without leniency: strict UTF-8, no member twice, nothing behind the object,
 * bounded depth. Members have the type that is asked for or the document is refused; {@code null}
 * is a wrong type.
 *
 * <p>Every method throws {@link MalformedJsonException}. Immutable.
 */
final class JsonObject {

  private static final int MAX_DEPTH = 16;
  private static final int MAX_TOKENS = 20_000;

  // Names are neither interned nor kept: they come from strangers.
  private static final JsonMapper MAPPER =
      JsonMapper.builder(
              JsonFactory.builder()
                  .streamReadConstraints(
                      StreamReadConstraints.builder()
                          .maxNestingDepth(MAX_DEPTH)
                          .maxTokenCount(MAX_TOKENS)
                          .maxNameLength(256)
                          .maxNumberLength(32)
                          .build())
                  .disable(TokenStreamFactory.Feature.CANONICALIZE_PROPERTY_NAMES)
                  .disable(TokenStreamFactory.Feature.INTERN_PROPERTY_NAMES)
                  .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
                  .build())
          .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
          .build();

  private final String what;
  private final JsonNode node;

  private JsonObject(String what, JsonNode node) {
    this.what = what;
    this.node = node;
  }

  /** Reads an object; {@code what} names it in messages. */
  static JsonObject parse(String what, byte[] utf8) {
    JsonNode root;
    try {
      String text = StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(utf8)).toString();
      root = MAPPER.readTree(text);
    } catch (CharacterCodingException e) {
      throw new MalformedJsonException(what + " is not UTF-8");
    } catch (JacksonException e) {
      // The parser's message quotes the text, which must not get into a log.
      throw new MalformedJsonException(what + " is not strict JSON" + place(e));
    }
    if (!root.isObject()) {
      throw new MalformedJsonException(what + " is not a JSON object");
    }
    return new JsonObject(what, root);
  }

  /** Limits on size and depth are broken at no place in particular. */
  private static String place(JacksonException e) {
    return e.getLocation() == null ? "" : " near character " + e.getLocation().getCharOffset();
  }

  boolean has(String name) {
    return node.get(name) != null;
  }

  /** Returns a text of 1 to {@code maxLength} characters. */
  Optional<String> text(String name, int maxLength) {
    JsonNode member = node.get(name);
    return member == null ? Optional.empty() : Optional.of(text(name, member, maxLength));
  }

  /** Returns a whole number, written without fraction and exponent. */
  OptionalLong integer(String name, long min, long max) {
    JsonNode member = node.get(name);
    if (member == null) {
      return OptionalLong.empty();
    }
    if (!member.isIntegralNumber() || !member.canConvertToLong()) {
      throw broken(name, "must be a whole number");
    }
    long value = member.longValue();
    if (value < min || value > max) {
      throw broken(name, "is out of range");
    }
    return OptionalLong.of(value);
  }

  /** Returns one text or a list of texts, as a list; empty if there is no such member. */
  List<String> textOrTexts(String name, int maxCount, int maxLength) {
    JsonNode member = node.get(name);
    if (member == null) {
      return List.of();
    }
    if (!member.isArray()) {
      return List.of(text(name, member, maxLength));
    }
    requireCount(name, member, maxCount);
    List<String> texts = new ArrayList<>(member.size());
    for (JsonNode element : member.values()) {
      texts.add(text(name, element, maxLength));
    }
    return texts;
  }

  Optional<JsonObject> object(String name) {
    JsonNode member = node.get(name);
    if (member == null) {
      return Optional.empty();
    }
    if (!member.isObject()) {
      throw broken(name, "must be an object");
    }
    return Optional.of(new JsonObject(name, member));
  }

  /** Returns the objects of a list that must be there; elements of another type are refused. */
  List<JsonObject> objects(String name, int maxCount) {
    JsonNode member = node.get(name);
    if (member == null || !member.isArray()) {
      throw broken(name, "must be a list");
    }
    requireCount(name, member, maxCount);
    List<JsonObject> objects = new ArrayList<>(member.size());
    for (JsonNode element : member.values()) {
      if (!element.isObject()) {
        throw broken(name, "must be a list of objects");
      }
      objects.add(new JsonObject(name, element));
    }
    return objects;
  }

  private String text(String name, JsonNode value, int maxLength) {
    @Nullable String text = value.isString() ? value.stringValue() : null;
    if (text == null || text.isEmpty() || text.length() > maxLength) {
      throw broken(name, "must be a text of 1 to " + maxLength + " characters");
    }
    return text;
  }

  private void requireCount(String name, JsonNode list, int maxCount) {
    if (list.size() > maxCount) {
      throw broken(name, "must have at most " + maxCount + " elements");
    }
  }

  private MalformedJsonException broken(String name, String rule) {
    return new MalformedJsonException(what + ": " + name + " " + rule);
  }
}
