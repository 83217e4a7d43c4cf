// SPDX-License-Identifier: Apache-2.0
package org.openekm.server.cli;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.SerializationFeature;
import tools.jackson.databind.json.JsonMapper;

/**
 * A request for approval in a file, and the signature over it.
 *
 * @param request the text that is signed
 * @param signature in base64; empty if nobody has signed it yet
 */
record SignedRequest(String request, String signature) {

  private static final JsonMapper JSON =
      JsonMapper.builder().enable(SerializationFeature.INDENT_OUTPUT).build();
  private static final long MOST_BYTES = 64 << 10;

  static SignedRequest read(Path file) {
    try {
      if (Files.size(file) > MOST_BYTES) {
        throw new CommandFailedException(file + " is too large to be a request", null);
      }
      JsonNode node = JSON.readTree(Files.readString(file));
      if (node.path("request").isString()) {
        return new SignedRequest(
            node.path("request").asString(), node.path("signature").asString(""));
      }
    } catch (IOException | JacksonException e) {
      throw new CommandFailedException(file + " can't be read: " + e.getMessage(), e);
    }
    throw new CommandFailedException(
        file + " is not what ekm approve request or ekm approve sign have written", null);
  }

  byte[] json() {
    Map<String, Object> fields = new LinkedHashMap<>();
    fields.put("request", request);
    if (!signature.isEmpty()) {
      fields.put("signature", signature);
    }
    return (JSON.writeValueAsString(fields) + "\n").getBytes(StandardCharsets.UTF_8);
  }
}
