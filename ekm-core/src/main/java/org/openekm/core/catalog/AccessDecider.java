// SPDX-License-Identifier: Apache-2.0
package org.openekm.core.catalog;

import org.openekm.spi.event.EkmListener;
import org.openekm.spi.policy.AccessRequest;
import org.openekm.spi.policy.Decision;
import org.openekm.spi.policy.Policy;

/**
 * Asks the policies of vault and key. Both must allow, where the key has one; the clause of the
 * answer names the level and the rule, such as {@code vault:allow-oci}. A policy that throws
 * denies.
 *
 * <p>Thread-safe.
 */
public final class AccessDecider {

  private final EkmListener listener;

  /** Makes a decider that reports policies that throw. */
  public AccessDecider(EkmListener listener) {
    this.listener = listener;
  }

  /** Decides on an access to the vault's own metadata. */
  public Decision decide(VaultEntry vault, AccessRequest request) {
    return ask("vault:", vault.policy(), request);
  }

  /** Decides on an access to a key of the vault. If both levels allow, the clause is the key's. */
  public Decision decide(VaultEntry vault, KeyEntry key, AccessRequest request) {
    Decision byVault = ask("vault:", vault.policy(), request);
    if (!byVault.allowed() || key.policy().isEmpty()) {
      return byVault;
    }
    return ask("key:", key.policy().get(), request);
  }

  private Decision ask(String level, Policy policy, AccessRequest request) {
    try {
      Decision decision = policy.decide(request);
      return new Decision(decision.allowed(), level + decision.clause());
    } catch (RuntimeException e) {
      // The engine is exchangeable code; its failure must not open anything.
      listener.onWarning(
          "policy-failed",
          "the policy of "
              + level
              + request.vault()
              + " failed with "
              + e.getClass().getName()
              + "; access was denied");
      return Decision.deny(level + "policy-failed");
    }
  }
}
