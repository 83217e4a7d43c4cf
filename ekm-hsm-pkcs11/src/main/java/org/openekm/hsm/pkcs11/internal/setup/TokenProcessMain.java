// SPDX-License-Identifier: Apache-2.0
package org.openekm.hsm.pkcs11.internal.setup;

import java.io.IOException;
import org.openekm.hsm.pkcs11.internal.isolation.TokenProcess;

/** Starts the process of a token; used by the backend itself, not by hand. */
public final class TokenProcessMain {

  private TokenProcessMain() {}

  /** Serves calls until the server that has started it ends. */
  public static void main(String[] arguments) throws IOException {
    TokenProcess.run(arguments, TokenBackends::onCallers);
  }
}
