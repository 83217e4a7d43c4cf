// SPDX-License-Identifier: Apache-2.0
package org.openekm.testkit.mutant;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.Optional;
import tools.jackson.core.JacksonException;
import tools.jackson.core.StreamReadConstraints;
import tools.jackson.core.StreamReadFeature;
import tools.jackson.core.json.JsonFactory;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** The JSON object in a request. Used by one thread. */
final class Body {

  private static final int MAX_DEPTH = 16;

  private final JsonNode fields;
  private final Flaws flaws;

  private Body(JsonNode fields, Flaws flaws) {
    this.fields = fields;
    this.flaws = flaws;
  }

  /** Reads a body; an empty one may stand for an object without fields. */
  static Body read(byte[] bytes, Flaws flaws, boolean mayBeEmpty) throws Refused {
    JsonMapper mapper = mapper(flaws);
    if (bytes.length == 0 && mayBeEmpty) {
      return new Body(mapper.createObjectNode(), flaws);
    }
    try {
      StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes));
      JsonNode fields = mapper.readTree(bytes);
      if (!fields.isObject()) {
        throw new Refused(400, "Bad Request: no JSON object");
      }
      return new Body(fields, flaws);
    } catch (JacksonException | CharacterCodingException e) {
      if (flaws.has(Mutation.DEEP_JSON_500) && String.valueOf(e.getMessage()).contains("depth")) {
        throw new Refused(500, "Internal error.");
      }
      String trace =
          flaws.has(Mutation.STACK_TRACE) ? " " + e + "\n\tat Body.read(Body.java:43)" : "";
      throw new Refused(400, "Bad Request: no JSON" + trace);
    }
  }

  private static JsonMapper mapper(Flaws flaws) {
    JsonFactory factory =
        JsonFactory.builder()
            .streamReadConstraints(
                StreamReadConstraints.builder().maxNestingDepth(MAX_DEPTH).build())
            .build();
    return JsonMapper.builder(factory)
        .configure(
            StreamReadFeature.STRICT_DUPLICATE_DETECTION,
            !flaws.has(Mutation.DUPLICATE_FIELD_TAKEN))
        .configure(
            DeserializationFeature.FAIL_ON_TRAILING_TOKENS,
            !flaws.has(Mutation.TRAILING_TEXT_TAKEN))
        .build();
  }

  Optional<String> text(String name) throws Refused {
    JsonNode node = fields.path(name);
    if (node.isMissingNode() || node.isNull()) {
      return Optional.empty();
    }
    if (!node.isString()) {
      throw new Refused(400, "Bad Request: " + name + " must be a text");
    }
    return Optional.of(node.asString());
  }

  Optional<byte[]> bytes(String name) throws Refused {
    Optional<String> text = text(name);
    if (text.isEmpty()) {
      return Optional.empty();
    }
    String encoded = text.get();
    if (flaws.has(Mutation.BASE64_IGNORED)) {
      encoded = encoded.replaceAll("[^A-Za-z0-9+/]", "");
      encoded = encoded.substring(0, encoded.length() / 4 * 4);
    }
    try {
      return Optional.of(Base64.getDecoder().decode(encoded));
    } catch (IllegalArgumentException e) {
      throw new Refused(400, "Bad Request: illegal base64 data at input byte 4");
    }
  }

  byte[] required(String name) throws Refused {
    return bytes(name).orElseThrow(() -> new Refused(400, "Bad Request: " + name + " is required"));
  }

  int length(int usual, int most) throws Refused {
    JsonNode node = fields.path("length");
    if (node.isMissingNode() || node.isNull()) {
      return usual;
    }
    if (!node.isIntegralNumber()
        || !node.canConvertToInt()
        || node.asInt() < 1
        || node.asInt() > most) {
      throw new Refused(400, "Bad Request: length must be from 1 to " + most);
    }
    return node.asInt();
  }
}
