// SPDX-License-Identifier: Apache-2.0
package org.openekm.hsm.pkcs11.internal.fake;

import org.openekm.hsm.pkcs11.internal.token.IvMode;
import org.openekm.spi.backend.KeyBackend;
import org.openekm.testkit.tck.KeyBackendTck;

/** The contract of a backend on the fake library, so that its other tests mean something. */
class FakeTokenTckTest extends KeyBackendTck {

  private final FakeTokens tokens = new FakeTokens(FakeBehavior.nss());

  @Override
  protected KeyBackend createBackend() {
    return tokens.open(IvMode.CALLER);
  }
}
