// SPDX-License-Identifier: Apache-2.0
package org.openekm.docs.samples;

import java.security.SecureRandom;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import javax.crypto.SecretKey;
import org.openekm.spi.backend.BackendKeyRef;
import org.openekm.spi.backend.KeyBackend;
import org.openekm.testkit.tck.KeyBackendTck;

// snippet: backend-tck
final class AcmeKeyBackendTest extends KeyBackendTck {

  private final Map<BackendKeyRef, SecretKey> device = new ConcurrentHashMap<>();

  @Override
  protected KeyBackend createBackend() {
    return new AcmeKeyBackend(device, new SecureRandom());
  }
}
// end snippet
