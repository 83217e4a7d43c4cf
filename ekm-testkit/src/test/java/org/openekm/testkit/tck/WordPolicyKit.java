// SPDX-License-Identifier: Apache-2.0
package org.openekm.testkit.tck;

import java.util.List;
import java.util.Set;
import org.openekm.api.Operation;
import org.openekm.spi.policy.PolicyEngine;

/** The policy kit over the word engine with given flaws. */
abstract class WordPolicyKit extends PolicyEngineTck {

  private final Set<WordPolicyEngine.Flaw> flaws;

  WordPolicyKit(Set<WordPolicyEngine.Flaw> flaws) {
    this.flaws = flaws;
  }

  @Override
  protected PolicyEngine createEngine() {
    return new WordPolicyEngine(flaws);
  }

  @Override
  protected String emptyPolicy() {
    return "rules end";
  }

  @Override
  protected String allowAllPolicy() {
    return "rules allow *; end";
  }

  @Override
  protected String allowOnlyPolicy(Operation operation) {
    return "rules allow " + operation + "; end";
  }

  @Override
  protected String allowAllButPolicy(Operation operation) {
    return "rules allow *; deny " + operation + "; end";
  }

  @Override
  protected List<String> malformedPolicies() {
    return List.of("", "rules", "rules allow FLY; end", "rules allow *; end end");
  }
}
