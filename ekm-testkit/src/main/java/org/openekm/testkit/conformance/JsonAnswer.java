// SPDX-License-Identifier: Apache-2.0
package org.openekm.testkit.conformance;

import java.util.Base64;
import org.openekm.testkit.conformance.http.RawAnswer;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** The JSON object of an answer. Immutable and thread-safe. */
public final class JsonAnswer {

  private static final JsonMapper JSON = JsonMapper.shared();

  private final JsonNode body;

  private JsonAnswer(JsonNode body) {
    this.body = body;
  }

  /** Reads an answer; fails if it is no JSON object. */
  public static JsonAnswer of(RawAnswer answer) {
    try {
      JsonNode body = JSON.readTree(answer.body());
      if (body.isObject()) {
        return new JsonAnswer(body);
      }
    } catch (JacksonException e) {
      throw (Finding) new Finding("the body of the answer is not JSON").initCause(e);
    }
    throw new Finding("the body of the answer is not a JSON object");
  }

  /** Returns a text; fails if it is missing or empty. */
  public String text(String name) {
    String text = optionalText(name);
    if (text.isEmpty()) {
      throw new Finding("the answer lacks the text field " + name);
    }
    return text;
  }

  /** Returns a text; empty if it is missing. */
  public String optionalText(String name) {
    JsonNode node = body.path(name);
    return node.isString() ? node.asString() : "";
  }

  /** Returns decoded base64; fails if it is missing or no base64 with padding. */
  public byte[] bytes(String name) {
    JsonNode node = body.path(name);
    if (!node.isString()) {
      throw new Finding("the answer lacks the base64 field " + name);
    }
    try {
      return Base64.getDecoder().decode(node.asString());
    } catch (IllegalArgumentException e) {
      throw (Finding)
          new Finding("the field " + name + " of the answer is not base64").initCause(e);
    }
  }

  /** Returns true if the field is there. */
  public boolean has(String name) {
    return body.hasNonNull(name);
  }

  /** Returns a field as it is. */
  public JsonNode get(String name) {
    return body.path(name);
  }

  /** Returns how many fields there are. */
  public int size() {
    return body.size();
  }
}
