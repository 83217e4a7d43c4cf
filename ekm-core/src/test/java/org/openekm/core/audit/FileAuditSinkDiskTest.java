// SPDX-License-Identifier: Apache-2.0
package org.openekm.core.audit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.openekm.core.audit.AuditSamples.event;
import static org.openekm.core.audit.AuditSamples.lines;
import static org.openekm.core.audit.AuditSamples.verify;

import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.openekm.core.audit.AuditReport.Verdict;
import org.openekm.spi.audit.AuditReceipt;
import org.openekm.spi.audit.AuditSinkException;
import org.openekm.testkit.fake.ManualClock;

/** What happens when the disk fails or somebody lays hands on the file while it is open. */
class FileAuditSinkDiskTest {

  private static final long BIG = 1 << 30;

  @TempDir Path directory;
  private final FailingDisk disk = new FailingDisk();
  private Path log;

  @BeforeEach
  void path() {
    log = directory.resolve("audit.log");
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 3, 4, 5, 6, 7, 8})
  void append_diskFailsAtEachStep_isRefusedAndTheChainGoesOnAfterwards(int step) throws Exception {
    try (FileAuditSink sink = FileAuditSink.open(log, BIG, new ManualClock(), disk)) {
      sink.append(List.of(event(1)));
      disk.failFrom(step);
      AuditReceipt expected = new AuditReceipt(1, "");
      for (int i = 2; i <= 5; i++) {
        expected = appendOrKeep(sink, i, expected);
      }
      assertThat(disk.failures()).isPositive();
      disk.mend();

      AuditReceipt after = sink.append(List.of(event(6)));

      assertThat(after.sequence()).isEqualTo(expected.sequence() + 1);
      AuditReport report = verify(log);
      assertThat(report.findings()).isEmpty();
      assertThat(report.head()).isEqualTo(after);
      assertThat(report.events()).isEqualTo(after.sequence());
      assertThat(sink.check().healthy()).isTrue();
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 3, 4, 5, 6, 7, 8})
  void append_diskFailsAtEachStepAroundARotation_losesNothingThatWasAcknowledged(int step)
      throws Exception {
    try (FileAuditSink sink = FileAuditSink.open(log, 1, new ManualClock(), disk)) {
      AuditReceipt expected = sink.append(List.of(event(1)));
      disk.failFrom(step);
      for (int i = 2; i <= 4; i++) {
        expected = appendOrKeep(sink, i, expected);
      }
      disk.mend();
      AuditReceipt after = sink.append(List.of(event(5)));

      assertThat(after.sequence()).isEqualTo(expected.sequence() + 1);
      AuditReport report = AuditVerifier.verify(List.of(directory), expected);
      assertThat(report.findings()).isEmpty();
      assertThat(report.events()).isEqualTo(after.sequence());
    }
  }

  @Test
  void append_diskFullAndProcessKilledBeforeTheCut_nextStartMovesThePartAside() throws Exception {
    try (FileAuditSink sink = FileAuditSink.open(log, BIG, new ManualClock(), disk)) {
      sink.append(List.of(event(1)));
      disk.failFrom(1);
      assertThatThrownBy(() -> sink.append(List.of(event(2))))
          .isInstanceOf(AuditSinkException.class)
          .hasMessageContaining("No space left on device");
    }
    assertThat(verify(log).verdict()).isEqualTo(Verdict.TORN_END);

    assertThat(AuditSamples.write(log, BIG, 3, 3).sequence()).isEqualTo(3);

    assertThat(lines(log).get(2)).contains("audit.recovered");
    assertThat(verify(log).verdict()).isEqualTo(Verdict.INTACT);
  }

  @Test
  void check_afterAFailure_isBadUntilTheDiskWorksAgainAndThenRepairs() throws Exception {
    try (FileAuditSink sink = FileAuditSink.open(log, BIG, new ManualClock(), disk)) {
      disk.failFrom(1);
      assertThatThrownBy(() -> sink.append(List.of(event(1))))
          .isInstanceOf(AuditSinkException.class);
      assertThat(sink.check().healthy()).isFalse();
      assertThat(sink.check().message()).contains("No space left on device");

      disk.mend();

      assertThat(sink.check().healthy()).isTrue();
      assertThat(verify(log).events()).isZero();
    }
  }

  @Test
  void append_threadInterrupted_writesAndStaysInterrupted() {
    try (FileAuditSink sink = AuditSamples.open(log, BIG)) {
      Thread.currentThread().interrupt();

      assertThat(sink.append(List.of(event(1))).sequence()).isEqualTo(1);

      assertThat(Thread.interrupted()).isTrue();
      assertThat(sink.append(List.of(event(2))).sequence()).isEqualTo(2);
    }
  }

  @Test
  void append_logRemovedWhileOpen_acknowledgesNothingMore() throws Exception {
    try (FileAuditSink sink = AuditSamples.open(log, BIG)) {
      sink.append(List.of(event(1)));
      Files.delete(log);

      for (int i = 0; i < 3; i++) {
        assertThatThrownBy(() -> sink.append(List.of(event(2))))
            .isInstanceOf(AuditSinkException.class)
            .hasMessageContaining("removed, replaced or changed");
      }
      assertThat(sink.check().healthy()).isFalse();
    }
  }

  @Test
  void append_logReplacedWhileOpen_acknowledgesNothingMore() throws Exception {
    try (FileAuditSink sink = AuditSamples.open(log, BIG)) {
      sink.append(List.of(event(1)));
      byte[] content = Files.readAllBytes(log);
      Files.move(log, directory.resolve("elsewhere"));
      Files.write(log, content);

      assertThatThrownBy(() -> sink.append(List.of(event(2))))
          .isInstanceOf(AuditSinkException.class);
      assertThat(sink.check().message()).contains("removed, replaced");
    }
    assertThat(lines(log)).hasSize(2);
  }

  @Test
  void append_logCutWhileOpen_failsClosed() throws Exception {
    try (FileAuditSink sink = AuditSamples.open(log, BIG)) {
      sink.append(List.of(event(1)));
      Files.write(log, new byte[0], StandardOpenOption.TRUNCATE_EXISTING);

      assertThatThrownBy(() -> sink.append(List.of(event(2))))
          .hasMessageContaining("changed by somebody else");
      assertThatThrownBy(() -> sink.append(List.of(event(3))))
          .isInstanceOf(AuditSinkException.class);
    }
  }

  @Test
  void append_archiveNameTaken_isRefusedInsteadOfOverwritingIt() throws Exception {
    try (FileAuditSink sink = AuditSamples.open(log, 1)) {
      sink.append(List.of(event(1)));
      sink.append(List.of(event(2)));
      Path taken = directory.resolve("audit.log.000002");
      Files.writeString(taken, "precious");

      assertThatThrownBy(() -> sink.append(List.of(event(3))))
          .hasMessageContaining("is in the way");
      assertThat(taken).hasContent("precious");

      Files.delete(taken);
      assertThat(sink.append(List.of(event(4))).sequence()).isEqualTo(3);
    }
    assertThat(verify(directory).verdict()).isEqualTo(Verdict.INTACT);
  }

  @Test
  void verify_headAfterARotationWhoseFirstWriteFailed_isGoodAsACheckpoint() throws Exception {
    AuditReceipt first;
    try (FileAuditSink sink = FileAuditSink.open(log, 1, new ManualClock(), disk)) {
      first = sink.append(List.of(event(1)));
      disk.failFrom(2);
      assertThatThrownBy(() -> sink.append(List.of(event(2))))
          .isInstanceOf(AuditSinkException.class);
      disk.mend();
      assertThat(sink.check().healthy()).isTrue();
      assertThat(lines(log)).hasSize(1);

      AuditReceipt head = verify(directory).head();

      assertThat(head).isEqualTo(first);
      sink.append(List.of(event(3)));
      assertThat(AuditVerifier.verify(List.of(directory), head).findings()).isEmpty();
    }
  }

  private static AuditReceipt appendOrKeep(FileAuditSink sink, int number, AuditReceipt before) {
    try {
      return sink.append(List.of(event(number)));
    } catch (AuditSinkException e) {
      return before;
    }
  }
}
