// SPDX-License-Identifier: Apache-2.0
package org.openekm.core.policy;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.openekm.spi.policy.PolicySyntaxException;
import tools.jackson.core.JacksonException;
import tools.jackson.core.StreamReadFeature;
import tools.jackson.core.TokenStreamLocation;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Reads the text of a policy and collects everything that is wrong with it. Thread-safe. */
final class PolicyParser {

  private static final int MAX_RULES = 1000;

  private final JsonMapper mapper =
      JsonMapper.builder()
          .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
          .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
          .build();

  List<PolicyRule> parse(String source) {
    List<String> problems = new ArrayList<>();
    List<PolicyRule> rules = rules(tree(source), problems);
    if (!problems.isEmpty()) {
      throw new PolicySyntaxException(problems);
    }
    return rules;
  }

  private JsonNode tree(String source) {
    if (source.isBlank()) {
      throw new PolicySyntaxException(
          List.of("policy: is empty; write {\"rules\": []} to deny everything"));
    }
    if (source.length() > RulePolicyEngine.MAX_LENGTH) {
      throw new PolicySyntaxException(
          List.of("policy: must have at most " + RulePolicyEngine.MAX_LENGTH + " characters"));
    }
    try {
      return mapper.readTree(source);
    } catch (JacksonException e) {
      throw new PolicySyntaxException(List.of(place(e.getLocation())));
    }
  }

  private static String place(@Nullable TokenStreamLocation at) {
    String rule = "is not JSON, or names a member twice; check commas, quotes and brackets there";
    return at == null
        ? "policy: " + rule
        : "line " + at.getLineNr() + ", column " + at.getColumnNr() + ": " + rule;
  }

  private static List<PolicyRule> rules(JsonNode root, List<String> problems) {
    List<PolicyRule> rules = new ArrayList<>();
    if (!root.isObject()) {
      problems.add("policy: must be a JSON object such as {\"rules\": []}");
      return rules;
    }
    NodeReader policy = new NodeReader("policy", root, problems);
    List<JsonNode> nodes = policy.requiredArray("rules");
    policy.refuseOtherMembers();
    if (nodes.size() > MAX_RULES) {
      problems.add("rules: must have at most " + MAX_RULES + " elements");
      return rules;
    }
    Set<String> names = new HashSet<>();
    for (int i = 0; i < nodes.size(); i++) {
      rules.add(new RuleReader("rules[" + i + "]", nodes.get(i), problems).read(names));
    }
    return rules;
  }
}
