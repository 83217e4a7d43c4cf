// SPDX-License-Identifier: Apache-2.0
package org.openekm.hsm.pkcs11;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.nio.file.Path;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.openekm.hsm.pkcs11.testtoken.Backends;
import org.openekm.hsm.pkcs11.testtoken.NssToken;
import org.openekm.hsm.pkcs11.testtoken.SoftHsm;
import org.openekm.hsm.pkcs11.testtoken.TestToken;
import org.openekm.spi.backend.KeyBackend;
import org.openekm.testkit.tck.WycheproofAesGcm;

/** Project Wycheproof's AES-GCM vectors, computed by tokens. */
class WycheproofTokenTest {

  @TempDir Path directory;

  @Test
  void softHsm_opensValidVectorsAndRefusesTheOthers() {
    assumeTrue(SoftHsm.missing().isEmpty(), () -> SoftHsm.missing().orElse(""));
    TestToken token = SoftHsm.create();
    try {
      run(token);
    } finally {
      SoftHsm.delete(token);
    }
  }

  @Test
  void nss_opensValidVectorsAndRefusesTheOthers() {
    assumeTrue(NssToken.missing().isEmpty(), () -> NssToken.missing().orElse(""));
    run(NssToken.create(directory));
  }

  private static void run(TestToken token) {
    Optional<Path> vectors = WycheproofAesGcm.find();
    if (vectors.isEmpty()) {
      System.out.println(WycheproofAesGcm.NOT_FOUND);
    }
    assumeTrue(vectors.isPresent(), WycheproofAesGcm.NOT_FOUND);
    try (KeyBackend backend = Backends.open(token, "key-check", "warn", "import", "create")) {
      WycheproofAesGcm.Counts counts = WycheproofAesGcm.run(backend, vectors.get());
      System.out.println("Wycheproof AES-GCM: " + counts);

      assertThat(counts.valid()).isGreaterThan(100);
      assertThat(counts.invalid()).isGreaterThan(20);
    }
  }
}
