// SPDX-License-Identifier: Apache-2.0
package org.openekm.core.backend.software;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.nio.file.Path;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.openekm.spi.backend.KeyBackend;
import org.openekm.testkit.tck.WycheproofAesGcm;

/** Runs Project Wycheproof's AES-GCM vectors through the backend alone. */
class WycheproofAesGcmTest {

  @TempDir Path directory;

  @Test
  void decrypt_everyVectorOfTheContractsSizes_givesThePlaintextOrATagMismatch() {
    Optional<Path> vectors = WycheproofAesGcm.find();
    if (vectors.isEmpty()) {
      System.out.println(WycheproofAesGcm.NOT_FOUND);
    }
    assumeTrue(vectors.isPresent(), WycheproofAesGcm.NOT_FOUND);
    try (KeyBackend backend = SoftwareBackends.open(directory.resolve("keys"))) {
      WycheproofAesGcm.Counts counts = WycheproofAesGcm.run(backend, vectors.get());
      System.out.println("Wycheproof AES-GCM: " + counts);

      assertThat(counts.valid()).isGreaterThan(100);
      assertThat(counts.invalid()).isGreaterThan(20);
      assertThat(counts.valid() + counts.invalid() + counts.skipped()).isEqualTo(counts.all());
    }
  }
}
