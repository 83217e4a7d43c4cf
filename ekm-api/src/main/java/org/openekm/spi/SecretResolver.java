// SPDX-License-Identifier: Apache-2.0
package org.openekm.spi;

import org.openekm.api.SecretBytes;

/**
 * Reads secrets. Implementations are thread-safe and read anew at every call, so that a changed
 * secret is picked up.
 */
@FunctionalInterface
public interface SecretResolver {

  /**
   * Reads the secret; one line feed at its end is not part of it.
   *
   * @return the secret, at least 1 byte, which the caller destroys
   * @throws SecretUnavailableException if it isn't there, is empty or can't be read
   */
  SecretBytes resolve(SecretReference reference);
}
