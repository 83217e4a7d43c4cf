// SPDX-License-Identifier: Apache-2.0
package org.openekm.hsm.pkcs11;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.openekm.hsm.pkcs11.testtoken.Backends;
import org.openekm.hsm.pkcs11.testtoken.SoftHsm;
import org.openekm.hsm.pkcs11.testtoken.TestToken;
import org.openekm.spi.backend.KeyBackend;
import org.openekm.testkit.tck.KeyBackendTck;

/** The contract of a backend on SoftHSM in a process of its own. */
class SoftHsmIsolatedTckTest extends KeyBackendTck {

  private static TestToken token;

  @BeforeAll
  static void makeToken() {
    assumeTrue(SoftHsm.missing().isEmpty(), () -> SoftHsm.missing().orElse(""));
    token = SoftHsm.create();
  }

  @AfterAll
  static void deleteToken() {
    if (token != null) {
      SoftHsm.delete(token);
    }
  }

  @Override
  protected KeyBackend createBackend() {
    return Backends.open(token, "isolation", "process", "isolation-spare", "false");
  }
}
