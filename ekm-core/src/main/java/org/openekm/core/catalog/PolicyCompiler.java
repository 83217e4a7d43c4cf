// SPDX-License-Identifier: Apache-2.0
package org.openekm.core.catalog;

import java.util.Optional;
import org.openekm.spi.event.EkmListener;
import org.openekm.spi.policy.Decision;
import org.openekm.spi.policy.Policy;
import org.openekm.spi.policy.PolicyEngine;

/** Compiles the policies of records. What can't be compiled denies everything and is reported. */
final class PolicyCompiler {

  private static final Policy NO_POLICY = always(Decision.deny("no-policy"));
  private static final Policy UNREADABLE = always(Decision.deny("unreadable-policy"));

  private final PolicyEngine engine;
  private final EkmListener listener;

  PolicyCompiler(PolicyEngine engine, EkmListener listener) {
    this.engine = engine;
    this.listener = listener;
  }

  /** Returns the policy of a vault, which denies everything if there is no text. */
  Policy forVault(String what, Optional<String> text) {
    return text.isEmpty() ? NO_POLICY : compile(what, text.get());
  }

  /** Returns the policy of a key; absent if there is no text. */
  Optional<Policy> forKey(String what, Optional<String> text) {
    return text.isEmpty() ? Optional.empty() : Optional.of(compile(what, text.get()));
  }

  private Policy compile(String what, String text) {
    try {
      return engine.compile(text);
    } catch (RuntimeException e) {
      // An engine is exchangeable code: whatever it throws, the answer is "nobody".
      listener.onWarning(
          "policy-unreadable",
          "the policy of "
              + what
              + " can't be read, so everything is denied; set the policy anew: "
              + e.getMessage());
      return UNREADABLE;
    }
  }

  private static Policy always(Decision decision) {
    return request -> decision;
  }
}
