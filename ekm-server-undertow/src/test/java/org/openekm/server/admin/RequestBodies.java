// SPDX-License-Identifier: Apache-2.0
package org.openekm.server.admin;

import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Bodies of requests that the management API accepts. */
final class RequestBodies {

  static final String LABELS = "{\"labels\":{\"team\":\"payments\"}}";
  static final String POLICY =
      JsonMapper.shared().writeValueAsString(Map.of("policy", AdminFixture.ALLOW));

  private RequestBodies() {}

  /** Returns a body that fits the part of the document of this name. */
  static String of(String schema) {
    return switch (schema) {
      case "Policy" -> POLICY;
      case "Deletion" -> "{\"after\":\"7d\"}";
      case "NewKey" -> "{\"name\":\"new\"}";
      case "Labels" -> "{\"labels\":{\"a\":\"b\"}}";
      case "AuditSuccess" -> "{\"auditSuccess\":false}";
      case "Backend" -> "{\"backend\":\"main\"}";
      case "RotationPeriod" -> "{\"rotationPeriod\":\"90d\"}";
      case "Grants" -> "{\"grants\":[\"view\"]}";
      default -> "{}";
    };
  }

  static String key(String name, String more) {
    return "{\"name\":\"" + name + "\"" + more + "}";
  }

  static String quoted() {
    return JsonMapper.shared().writeValueAsString(AdminFixture.ALLOW);
  }

  static String material() {
    byte[] raw = new byte[32];
    Arrays.fill(raw, (byte) 7);
    return Base64.getEncoder().encodeToString(raw);
  }

  /** Returns the texts in an array. */
  static List<String> texts(JsonNode array) {
    return array.valueStream().map(JsonNode::asString).toList();
  }
}
