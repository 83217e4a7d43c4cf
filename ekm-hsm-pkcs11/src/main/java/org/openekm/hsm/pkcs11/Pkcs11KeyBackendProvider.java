// SPDX-License-Identifier: Apache-2.0
package org.openekm.hsm.pkcs11;

import org.openekm.hsm.pkcs11.internal.setup.TokenBackends;
import org.openekm.spi.ComponentContext;
import org.openekm.spi.backend.KeyBackend;
import org.openekm.spi.backend.KeyBackendProvider;

/**
 * Makes backends of the kind {@code pkcs11}: keys in HSMs and tokens. The settings are described in
 * the HSM guide. Stateless and thread-safe.
 */
public final class Pkcs11KeyBackendProvider implements KeyBackendProvider {

  /** Makes the provider; called by {@link java.util.ServiceLoader}. */
  public Pkcs11KeyBackendProvider() {}

  @Override
  public String name() {
    return "pkcs11";
  }

  /**
   * Loads the library. The token itself is reached with the first call or check.
   *
   * @throws org.openekm.spi.InvalidConfigurationException with everything that is wrong in the
   *     settings
   * @throws org.openekm.spi.backend.BackendException.Misconfigured if the library can't be loaded
   */
  @Override
  public KeyBackend create(ComponentContext context) {
    return TokenBackends.open(context);
  }
}
