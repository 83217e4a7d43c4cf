// SPDX-License-Identifier: Apache-2.0
package org.openekm.hsm.pkcs11.internal.set;

import java.util.List;
import java.util.Map;
import org.openekm.api.NanoClock;
import org.openekm.hsm.pkcs11.testtoken.Backends;
import org.openekm.spi.backend.KeyBackend;
import org.openekm.testkit.fake.FakeKeyBackend;
import org.openekm.testkit.tck.KeyBackendTck;

/** The contract of a backend on a set of two that share their keys, with everything switched on. */
class TokenSetTckTest extends KeyBackendTck {

  private final FakeKeyBackend device = new FakeKeyBackend();

  @Override
  protected KeyBackend createBackend() {
    List<Member> members =
        List.of(
            new Member("one", device.reopen(), NanoClock.system()),
            new Member("two", device.reopen(), NanoClock.system()));
    return new TokenSetKeyBackend(members, true, true, Backends.context(() -> "", Map.of()));
  }
}
