// SPDX-License-Identifier: Apache-2.0
package org.openekm.server.admin;

import java.util.Arrays;
import java.util.Base64;
import java.util.Map;
import tools.jackson.databind.json.JsonMapper;

/** Bodies of requests that the management API takes. */
final class SampleBodies {

  static final String LABELS = "{\"labels\":{\"team\":\"payments\"}}";
  static final String POLICY =
      JsonMapper.shared().writeValueAsString(Map.of("policy", AdminFixture.ALLOW));

  private SampleBodies() {}

  /** Returns one that a request body of the document describes. */
  static String of(String kind) {
    return switch (kind) {
      case "Policy" -> POLICY;
      case "Deletion" -> "{\"after\":\"7d\"}";
      case "NewKey" -> "{\"name\":\"new\"}";
      case "Labels" -> "{\"labels\":{\"a\":\"b\"}}";
      case "AuditSuccess" -> "{\"auditSuccess\":false}";
      case "Backend" -> "{\"backend\":\"main\"}";
      case "DeadMan" -> "{\"period\":\"36h\"}";
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
}
