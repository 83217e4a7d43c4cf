// SPDX-License-Identifier: Apache-2.0
package org.openekm.server.admin;

import java.net.URI;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import java.util.regex.Pattern;
import tools.jackson.databind.JsonNode;

/**
 * Holds JSON against the schemas of a document, for that part of JSON Schema that the document
 * uses. Stricter than the standard: a field that the schema does not name is a fault unless it says
 * that there may be others, and so is a keyword that nobody checks here.
 */
final class SchemaCheck {

  private static final Set<String> KEYWORDS =
      Set.of(
          "$ref",
          "type",
          "properties",
          "required",
          "additionalProperties",
          "items",
          "enum",
          "pattern",
          "format",
          "minimum",
          "maximum",
          "minLength",
          "maxLength",
          "minItems",
          "description",
          "default");

  private final JsonNode document;

  SchemaCheck(JsonNode document) {
    this.document = document;
  }

  /** Returns what is wrong with the value; nothing if it is as the schema says. */
  List<String> faults(JsonNode schema, JsonNode value) {
    List<String> faults = new ArrayList<>();
    check(schema, value, "$", faults);
    return faults;
  }

  /** Follows a reference; returns what has none as it is. */
  JsonNode resolved(JsonNode node) {
    JsonNode at = node;
    while (at.has("$ref")) {
      String reference = at.path("$ref").asString();
      at = document.at(reference.substring(1));
      if (!reference.startsWith("#/") || at.isMissingNode()) {
        throw new AssertionError("docs/openapi.yaml has nothing at " + reference);
      }
    }
    return at;
  }

  private void check(JsonNode given, JsonNode value, String at, List<String> faults) {
    JsonNode schema = resolved(given);
    for (String keyword : schema.propertyNames()) {
      if (!KEYWORDS.contains(keyword)) {
        faults.add(at + ": no test knows the keyword " + keyword);
      }
    }
    if (schema.has("enum") && schema.path("enum").valueStream().noneMatch(value::equals)) {
      faults.add(at + ": " + value + " is none of " + schema.path("enum"));
    }
    String type = schema.path("type").asString("");
    if (!isOf(type, value)) {
      faults.add(at + ": " + value + " is not of type " + type);
      return;
    }
    switch (type) {
      case "object" -> object(schema, value, at, faults);
      case "array" -> array(schema, value, at, faults);
      case "string" -> string(schema, value.asString(), at, faults);
      case "integer" -> integer(schema, value.asLong(), at, faults);
      default -> {}
    }
  }

  private static boolean isOf(String type, JsonNode value) {
    return switch (type) {
      case "object" -> value.isObject();
      case "array" -> value.isArray();
      case "string" -> value.isString();
      case "integer" -> value.isIntegralNumber();
      case "boolean" -> value.isBoolean();
      default -> false;
    };
  }

  private void object(JsonNode schema, JsonNode value, String at, List<String> faults) {
    for (JsonNode name : schema.path("required")) {
      if (!value.has(name.asString())) {
        faults.add(at + ": " + name.asString() + " is missing");
      }
    }
    for (String name : value.propertyNames()) {
      JsonNode property = schema.path("properties").path(name);
      JsonNode others = schema.path("additionalProperties");
      if (!property.isMissingNode()) {
        check(property, value.path(name), at + "." + name, faults);
      } else if (others.isObject()) {
        check(others, value.path(name), at + "." + name, faults);
      } else {
        faults.add(
            at
                + ": the field "
                + name
                + " is not in docs/openapi.yaml; add it to the properties of its schema, or correct its name");
      }
    }
  }

  private void array(JsonNode schema, JsonNode value, String at, List<String> faults) {
    if (value.size() < schema.path("minItems").asInt(0)) {
      faults.add(at + ": has only " + value.size() + " elements");
    }
    for (int i = 0; i < value.size(); i++) {
      check(schema.path("items"), value.get(i), at + "[" + i + "]", faults);
    }
  }

  private static void string(JsonNode schema, String value, String at, List<String> faults) {
    if (value.length() < schema.path("minLength").asInt(0)
        || value.length() > schema.path("maxLength").asInt(Integer.MAX_VALUE)) {
      faults.add(at + ": has " + value.length() + " characters");
    }
    if (schema.has("pattern")
        && !Pattern.compile(schema.path("pattern").asString()).matcher(value).find()) {
      faults.add(at + ": " + value + " does not match " + schema.path("pattern").asString());
    }
    if (schema.has("format") && !hasFormat(schema.path("format").asString(), value)) {
      faults.add(at + ": " + value + " is no " + schema.path("format").asString());
    }
  }

  private static void integer(JsonNode schema, long value, String at, List<String> faults) {
    if (value < schema.path("minimum").asLong(Long.MIN_VALUE)
        || value > schema.path("maximum").asLong(Long.MAX_VALUE)) {
      faults.add(at + ": " + value + " is out of range");
    }
  }

  private static boolean hasFormat(String format, String value) {
    try {
      return switch (format) {
        case "uuid" -> UUID.fromString(value).toString().equals(value);
        case "date-time" -> Instant.parse(value) != null;
        case "uri" -> URI.create(value).isAbsolute();
        default -> false;
      };
    } catch (IllegalArgumentException | DateTimeParseException e) {
      return false;
    }
  }
}
