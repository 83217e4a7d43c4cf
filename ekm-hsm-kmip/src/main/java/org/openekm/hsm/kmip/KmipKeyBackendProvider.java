// SPDX-License-Identifier: Apache-2.0
package org.openekm.hsm.kmip;

import org.openekm.hsm.kmip.internal.setup.KmipBackends;
import org.openekm.spi.ComponentContext;
import org.openekm.spi.backend.KeyBackend;
import org.openekm.spi.backend.KeyBackendProvider;

/**
 * Makes backends of the kind {@code kmip}: keys in key managers. The settings are described in the
 * KMIP guide. Stateless and thread-safe.
 */
public final class KmipKeyBackendProvider implements KeyBackendProvider {

  /** Makes the provider; called by {@link java.util.ServiceLoader}. */
  public KmipKeyBackendProvider() {}

  @Override
  public String name() {
    return "kmip";
  }

  /**
   * Makes a backend. Its servers are reached with the first call or check.
   *
   * @throws org.openekm.spi.InvalidConfigurationException with everything that is wrong in the
   *     settings
   */
  @Override
  public KeyBackend create(ComponentContext context) {
    return KmipBackends.open(context);
  }
}
