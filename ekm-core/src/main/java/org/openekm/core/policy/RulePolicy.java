// SPDX-License-Identifier: Apache-2.0
package org.openekm.core.policy;

import java.util.List;
import org.openekm.spi.policy.AccessRequest;
import org.openekm.spi.policy.Decision;
import org.openekm.spi.policy.Policy;

/**
 * The rules of one policy, deny rules apart from allow rules. Answers are made beforehand: deciding
 * allocates next to nothing.
 */
final class RulePolicy implements Policy {

  private static final Decision DEFAULT = Decision.deny("default");

  private final PolicyRule[] denies;
  private final PolicyRule[] allows;

  RulePolicy(List<PolicyRule> rules) {
    this.denies = rules.stream().filter(rule -> !rule.allows()).toArray(PolicyRule[]::new);
    this.allows = rules.stream().filter(PolicyRule::allows).toArray(PolicyRule[]::new);
  }

  @Override
  public Decision decide(AccessRequest request) {
    for (PolicyRule rule : denies) {
      if (rule.matches(request)) {
        return rule.decision();
      }
    }
    for (PolicyRule rule : allows) {
      if (rule.matches(request)) {
        return rule.decision();
      }
    }
    return DEFAULT;
  }
}
