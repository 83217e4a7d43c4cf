// SPDX-License-Identifier: Apache-2.0
package org.openekm.spi.audit;

import org.openekm.spi.ComponentContext;
import org.openekm.spi.InvalidConfigurationException;
import org.openekm.spi.NamedProvider;

/** Makes the audit sinks of one kind. */
public interface AuditSinkProvider extends NamedProvider {

  /**
   * Makes a sink that is ready to append.
   *
   * @throws InvalidConfigurationException with everything that is wrong in the settings
   * @throws AuditSinkException if the place can't be written to
   */
  AuditSink create(ComponentContext context);
}
