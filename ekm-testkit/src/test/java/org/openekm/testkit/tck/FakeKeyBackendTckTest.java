// SPDX-License-Identifier: Apache-2.0
package org.openekm.testkit.tck;

import java.util.Optional;
import java.util.Set;
import org.openekm.api.SecretBytes;
import org.openekm.spi.backend.BackendFeature;
import org.openekm.spi.backend.BackendKeyRef;
import org.openekm.spi.backend.Capabilities;
import org.openekm.spi.backend.KeyBackend;
import org.openekm.testkit.fake.FakeKeyBackend;

class FakeKeyBackendTckTest extends KeyBackendTck {

  private static final BackendKeyRef TOO_SHORT = new BackendKeyRef("too-short");

  private final FakeKeyBackend device = device();

  @Override
  protected KeyBackend createBackend() {
    return device.reopen();
  }

  @Override
  protected Optional<BackendKeyRef> unusableKey() {
    return Optional.of(TOO_SHORT);
  }

  private static FakeKeyBackend device() {
    Capabilities full = FakeKeyBackend.fullCapabilities();
    FakeKeyBackend device =
        new FakeKeyBackend(
            new Capabilities(
                full.ivSource(),
                65_536,
                65_536,
                Set.of(16, 32),
                Set.of(BackendFeature.values()),
                16));
    device.putKey(TOO_SHORT, SecretBytes.adopt(new byte[8]));
    return device;
  }
}
