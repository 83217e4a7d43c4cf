// SPDX-License-Identifier: Apache-2.0
package org.openekm.core.policy;

import java.util.List;
import java.util.Locale;
import org.openekm.api.Operation;
import org.openekm.spi.policy.PolicyEngine;
import org.openekm.testkit.tck.PolicyEngineTck;

final class RulePolicyEngineTckTest extends PolicyEngineTck {

  @Override
  protected PolicyEngine createEngine() {
    return new RulePolicyEngine();
  }

  @Override
  protected String emptyPolicy() {
    return "{\"rules\": []}";
  }

  @Override
  protected String allowAllPolicy() {
    return RulePolicyEngine.allowAll();
  }

  @Override
  protected String allowOnlyPolicy(Operation operation) {
    return "{\"rules\": [{\"name\": \"only\", \"effect\": \"allow\", \"operations\": [\""
        + name(operation)
        + "\"]}]}";
  }

  @Override
  protected String allowAllButPolicy(Operation operation) {
    return "{\"rules\": [{\"name\": \"all\", \"effect\": \"allow\"},"
        + " {\"name\": \"but\", \"effect\": \"deny\", \"operations\": [\""
        + name(operation)
        + "\"]}]}";
  }

  @Override
  protected List<String> malformedPolicies() {
    return List.of(
        "",
        "{",
        "{\"rules\": [{\"name\": \"a\"}]}",
        "{\"rules\": [{\"name\": \"a\", \"effect\": \"perhaps\"}]}",
        "{\"rules\": [{\"name\": \"a\", \"effect\": \"allow\", \"colour\": \"red\"}]}",
        "{\"rules\": [{\"name\": \"a\", \"effect\": \"allow\", \"operations\": [\"sign\"]}]}");
  }

  private static String name(Operation operation) {
    return operation.name().toLowerCase(Locale.ROOT).replace('_', '-');
  }
}
