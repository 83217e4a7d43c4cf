// SPDX-License-Identifier: Apache-2.0
package org.openekm.spi.backend;

import org.openekm.spi.ComponentContext;
import org.openekm.spi.InvalidConfigurationException;
import org.openekm.spi.NamedProvider;

/** Makes the backends of one kind. */
public interface KeyBackendProvider extends NamedProvider {

  /**
   * Makes a backend. It need not reach its device yet: a device that is down at start is the health
   * check's to report.
   *
   * @throws InvalidConfigurationException with everything that is wrong in the settings
   * @throws BackendException.Misconfigured if what the settings point to can't be used
   */
  KeyBackend create(ComponentContext context);
}
