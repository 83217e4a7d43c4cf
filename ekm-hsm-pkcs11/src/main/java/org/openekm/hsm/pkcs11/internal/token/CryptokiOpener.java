// SPDX-License-Identifier: Apache-2.0
package org.openekm.hsm.pkcs11.internal.token;

import java.nio.file.Path;
import org.openekm.hsm.pkcs11.internal.cryptoki.Cryptoki;

/** Loads a library. */
@FunctionalInterface
public interface CryptokiOpener {

  /**
   * Loads the library.
   *
   * @throws org.openekm.spi.backend.BackendException.Misconfigured if there is none, or it can't be
   *     loaded
   */
  Cryptoki open(Path path);
}
