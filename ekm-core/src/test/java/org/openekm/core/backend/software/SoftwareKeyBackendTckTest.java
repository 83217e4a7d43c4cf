// SPDX-License-Identifier: Apache-2.0
package org.openekm.core.backend.software;

import java.nio.file.Path;
import java.util.UUID;
import org.junit.jupiter.api.io.TempDir;
import org.openekm.spi.backend.KeyBackend;
import org.openekm.testkit.tck.KeyBackendTck;

/** A keystore lets one backend in at a time, so every backend of the kit gets a file of its own. */
class SoftwareKeyBackendTckTest extends KeyBackendTck {

  @TempDir Path directory;

  @Override
  protected KeyBackend createBackend() {
    return SoftwareBackends.open(directory.resolve(UUID.randomUUID().toString()));
  }

  @Override
  protected boolean keysAreShared() {
    return false;
  }
}
