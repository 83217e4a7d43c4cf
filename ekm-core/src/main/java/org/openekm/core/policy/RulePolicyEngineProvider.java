// SPDX-License-Identifier: Apache-2.0
package org.openekm.core.policy;

import org.openekm.spi.ComponentContext;
import org.openekm.spi.policy.PolicyEngine;
import org.openekm.spi.policy.PolicyEngineProvider;

/** Makes engines for the built-in policy language; takes no settings. */
public final class RulePolicyEngineProvider implements PolicyEngineProvider {

  /** Made by {@link java.util.ServiceLoader} or an embedder. */
  public RulePolicyEngineProvider() {}

  /** Returns {@code rules}. */
  @Override
  public String name() {
    return "rules";
  }

  /** Returns an engine. */
  @Override
  public PolicyEngine create(ComponentContext context) {
    context.settings().finish();
    return new RulePolicyEngine();
  }
}
