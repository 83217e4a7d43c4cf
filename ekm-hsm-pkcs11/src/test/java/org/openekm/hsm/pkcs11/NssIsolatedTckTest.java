// SPDX-License-Identifier: Apache-2.0
package org.openekm.hsm.pkcs11;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.nio.file.Path;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.io.TempDir;
import org.openekm.hsm.pkcs11.testtoken.Backends;
import org.openekm.hsm.pkcs11.testtoken.NssToken;
import org.openekm.hsm.pkcs11.testtoken.TestToken;
import org.openekm.hsm.pkcs11.testtoken.WrappingKeys;
import org.openekm.spi.backend.BackendKeyRef;
import org.openekm.spi.backend.KeyBackend;
import org.openekm.testkit.tck.KeyBackendTck;

/** The contract of a backend on NSS softokn in a process of its own. */
@Tag("once")
class NssIsolatedTckTest extends KeyBackendTck {

  @TempDir static Path directory;

  private static TestToken token;

  @BeforeAll
  static void makeToken() {
    assumeTrue(NssToken.missing().isEmpty(), () -> NssToken.missing().orElse(""));
    token = NssToken.create(directory);
  }

  @Override
  protected KeyBackend createBackend() {
    return Backends.open(token, "isolation", "process", "isolation-spare", "false");
  }

  @Override
  protected BackendKeyRef wrappingKey(byte[] material) {
    return WrappingKeys.put(token, material);
  }
}
