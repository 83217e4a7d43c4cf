// SPDX-License-Identifier: Apache-2.0
package org.openekm.testkit.tck;

import java.util.List;
import java.util.Optional;
import org.openekm.spi.audit.AuditEvent;
import org.openekm.spi.audit.AuditSink;
import org.openekm.testkit.fake.RecordingAuditSink;

class RecordingAuditSinkTckTest extends AuditSinkTck {

  private final RecordingAuditSink sink = new RecordingAuditSink();

  @Override
  protected AuditSink createSink() {
    return sink;
  }

  @Override
  protected Optional<List<String>> keptTexts() {
    return Optional.of(sink.events().stream().map(AuditEvent::toString).toList());
  }
}
