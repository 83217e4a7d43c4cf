// SPDX-License-Identifier: Apache-2.0
package org.openekm.spi.policy;

import org.openekm.spi.ComponentContext;
import org.openekm.spi.InvalidConfigurationException;
import org.openekm.spi.NamedProvider;

/** Makes the policy engines of one kind. */
public interface PolicyEngineProvider extends NamedProvider {

  /**
   * Makes an engine.
   *
   * @throws InvalidConfigurationException with everything that is wrong in the settings
   */
  PolicyEngine create(ComponentContext context);
}
