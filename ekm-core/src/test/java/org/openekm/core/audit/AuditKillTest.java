// SPDX-License-Identifier: Apache-2.0
package org.openekm.core.audit;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.openekm.core.internal.io.KilledProcess;
import org.openekm.spi.audit.AuditReceipt;

/** Kills a process that writes to the log, again and again. */
class AuditKillTest {

  private static final int ROUNDS = 6;

  @TempDir Path directory;

  @Test
  @Timeout(120)
  void append_processKilledAtAnyMoment_everyAcknowledgedEventIsInAnIntactChain() throws Exception {
    Path log = directory.resolve("audit.log");
    Random random = new Random(42);
    long acknowledged = 0;
    for (int round = 0; round < ROUNDS; round++) {
      List<String> answers =
          KilledProcess.run(Writer.class, List.of(log.toString()), 30 + random.nextInt(300));
      AuditReceipt last = receipt(answers.get(answers.size() - 1));
      assertThat(last.sequence()).isGreaterThan(acknowledged);
      acknowledged = last.sequence();

      AuditReport report = AuditVerifier.verify(List.of(directory), last);
      assertThat(report.verdict())
          .as("round %d: %s", round, report.findings())
          .isNotEqualTo(AuditReport.Verdict.BROKEN);
      assertThat(report.events()).isGreaterThanOrEqualTo(acknowledged);
    }
    AuditSamples.write(log, 20_000, 1, 1);
    assertThat(AuditSamples.verify(directory).findings()).isEmpty();
  }

  private static AuditReceipt receipt(String answer) {
    String[] parts = answer.split(" ");
    return new AuditReceipt(Long.parseLong(parts[0]), parts[1]);
  }

  /** Writes batches of all sizes and says each receipt aloud. */
  static final class Writer {

    private Writer() {}

    public static void main(String[] args) {
      FileAuditSink sink = FileAuditSink.open(Path.of(args[0]), 20_000, InstantSource.system());
      for (int i = 0; i < Integer.MAX_VALUE; i++) {
        List<org.openekm.spi.audit.AuditEvent> batch = new ArrayList<>();
        for (int j = 0; j <= i % 20; j++) {
          batch.add(AuditSamples.event(i));
        }
        AuditReceipt receipt = sink.append(batch);
        System.out.println(receipt.sequence() + " " + receipt.chainHash());
      }
    }
  }
}
