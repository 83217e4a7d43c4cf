// SPDX-License-Identifier: Apache-2.0
package org.openekm.server.doctor;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import org.junit.jupiter.api.Test;

/** How much free space is enough. */
class DiskChecksTest {

  private static final long MEGABYTE = 1 << 20;
  private static final Path FOLDER = Path.of("audit");

  @Test
  void nearlyFullDisk_fails() {
    Finding finding = DiskChecks.space("audit disk", FOLDER, 127 * MEGABYTE, 1000 * MEGABYTE);

    assertThat(finding.status()).isEqualTo(Finding.Status.FAILED);
    assertThat(finding.message()).isEqualTo("127 MB free for audit");
    assertThat(finding.next()).contains("free space");
  }

  @Test
  void littleSpace_warns_alsoWhenItIsLittleOfALargeDisk() {
    assertThat(DiskChecks.space("d", FOLDER, 500 * MEGABYTE, 2000 * MEGABYTE).status())
        .isEqualTo(Finding.Status.WARNING);
    assertThat(DiskChecks.space("d", FOLDER, 90_000 * MEGABYTE, 1_000_000 * MEGABYTE).status())
        .isEqualTo(Finding.Status.WARNING);
  }

  @Test
  void muchSpace_isOk() {
    assertThat(DiskChecks.space("d", FOLDER, 50_000 * MEGABYTE, 100_000 * MEGABYTE).status())
        .isEqualTo(Finding.Status.OK);
  }
}
