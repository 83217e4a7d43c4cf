// SPDX-License-Identifier: Apache-2.0
package org.openekm.testkit.tck;

import java.util.List;
import java.util.Set;
import org.openekm.spi.backend.BackendKeyRef;
import org.openekm.spi.backend.Capabilities;
import org.openekm.spi.backend.Capabilities.IvSource;
import org.openekm.spi.backend.KeyBackend;
import org.openekm.testkit.fake.FakeKeyBackend;
import org.openekm.testkit.fake.TestKeys;

/** A device that makes no keys, takes 100 bytes and works on one call at a time. */
class BareKeyBackendTckTest extends KeyBackendTck {

  private final FakeKeyBackend device =
      new FakeKeyBackend(new Capabilities(IvSource.DEVICE, 100, 16, Set.of(32), Set.of(), 1));

  BareKeyBackendTckTest() {
    preparedKeys().forEach(key -> device.putKey(key, TestKeys.aes(32)));
  }

  @Override
  protected KeyBackend createBackend() {
    return device.reopen();
  }

  @Override
  protected List<BackendKeyRef> preparedKeys() {
    return List.of(new BackendKeyRef("prepared-1"), new BackendKeyRef("prepared-2"));
  }
}
