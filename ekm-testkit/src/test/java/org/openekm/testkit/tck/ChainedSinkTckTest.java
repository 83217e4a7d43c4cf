// SPDX-License-Identifier: Apache-2.0
package org.openekm.testkit.tck;

import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.openekm.spi.audit.AuditSink;

class ChainedSinkTckTest extends AuditSinkTck {

  private final ChainedSink.Disk disk = new ChainedSink.Disk();

  @Override
  protected AuditSink createSink() {
    return new ChainedSink(disk, Set.of());
  }

  @Override
  protected Optional<AuditSink> openAgain() {
    return Optional.of(new ChainedSink(disk, Set.of()));
  }

  @Override
  protected Optional<List<String>> keptTexts() {
    return Optional.of(disk.lines());
  }
}
