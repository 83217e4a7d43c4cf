// SPDX-License-Identifier: Apache-2.0
package org.openekm.testkit.fake;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;
import org.openekm.spi.audit.AuditEvent;
import org.openekm.spi.audit.AuditReceipt;
import org.openekm.spi.audit.AuditSinkException;

class RecordingAuditSinkTest {

  private final RecordingAuditSink sink = new RecordingAuditSink();

  @Test
  void append_keepsTheOrderAndCounts() {
    sink.append(List.of(event("a"), event("b")));
    AuditReceipt receipt = sink.append(List.of(event("c")));

    assertThat(receipt.sequence()).isEqualTo(3);
    assertThat(sink.events()).extracting(AuditEvent::action).containsExactly("a", "b", "c");
    assertThat(sink.events("b")).hasSize(1);
    assertThat(sink.batches()).hasSize(2);
  }

  @Test
  void fail_keepsNothingUntilRecovered() {
    sink.fail();
    assertThatThrownBy(() -> sink.append(List.of(event("lost"))))
        .isInstanceOf(AuditSinkException.class);
    assertThat(sink.check().healthy()).isFalse();

    sink.recover();
    sink.append(List.of(event("kept")));

    assertThat(sink.events()).extracting(AuditEvent::action).containsExactly("kept");
  }

  @Test
  void hang_holdsTheAppendUntilRecovered() {
    sink.hang();
    CompletableFuture<AuditReceipt> append =
        CompletableFuture.supplyAsync(() -> sink.append(List.of(event("slow"))));
    await().until(() -> sink.hanging() == 1);
    assertThat(sink.events()).isEmpty();

    sink.recover();

    assertThat(append).succeedsWithin(Duration.ofSeconds(5));
    assertThat(sink.events()).hasSize(1);
  }

  @Test
  void close_refusesFurtherEvents() {
    sink.close();

    assertThat(sink.isClosed()).isTrue();
    assertThatThrownBy(() -> sink.append(List.of(event("late"))))
        .isInstanceOf(AuditSinkException.class);
  }

  private static AuditEvent event(String action) {
    return AuditEvent.builder(ManualClock.DEFAULT_START, action).build();
  }
}
