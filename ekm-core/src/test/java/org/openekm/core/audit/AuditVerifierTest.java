// SPDX-License-Identifier: Apache-2.0
package org.openekm.core.audit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.openekm.core.audit.AuditSamples.lines;
import static org.openekm.core.audit.AuditSamples.verify;
import static org.openekm.core.audit.AuditSamples.writeLines;

import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.openekm.core.audit.AuditFinding.Kind;
import org.openekm.core.audit.AuditReport.Verdict;
import org.openekm.spi.audit.AuditReceipt;

class AuditVerifierTest {

  private static final long BIG = 1 << 30;

  @TempDir Path directory;
  private Path log;

  @BeforeEach
  void path() {
    log = directory.resolve("audit.log");
  }

  @Test
  void verify_everySingleByteFlipped_isFound() throws Exception {
    AuditSamples.write(log, BIG, 1, 2);
    byte[] good = Files.readAllBytes(log);

    for (int i = 0; i < good.length; i++) {
      byte[] bad = good.clone();
      bad[i] ^= 1;
      Files.write(log, bad);
      assertThat(verify(log).verdict()).as("byte %d", i).isNotEqualTo(Verdict.INTACT);
    }
  }

  @Test
  void verify_everySingleByteRemovedOrDoubled_isFound() throws Exception {
    AuditSamples.write(log, BIG, 1, 2);
    byte[] good = Files.readAllBytes(log);

    for (int i = 0; i < good.length; i++) {
      byte[] shorter = new byte[good.length - 1];
      System.arraycopy(good, 0, shorter, 0, i);
      System.arraycopy(good, i + 1, shorter, i, shorter.length - i);
      Files.write(log, shorter);
      assertThat(verify(log).verdict()).as("without byte %d", i).isNotEqualTo(Verdict.INTACT);
      byte[] longer = Arrays.copyOf(good, good.length + 1);
      System.arraycopy(good, i, longer, i + 1, good.length - i);
      Files.write(log, longer);
      assertThat(verify(log).verdict()).as("with byte %d twice", i).isNotEqualTo(Verdict.INTACT);
    }
  }

  @Test
  void verify_changedField_namesFileAndLine() throws Exception {
    AuditSamples.write(log, BIG, 1, 4);
    List<String> lines = lines(log);
    lines.set(3, lines.get(3).replace("\"outcome\":\"OK\"", "\"outcome\":\"NO\""));
    writeLines(log, lines);

    AuditReport report = verify(log);

    assertThat(report.verdict()).isEqualTo(Verdict.BROKEN);
    assertThat(report.findings()).hasSize(1);
    assertThat(report.findings().get(0).kind()).isEqualTo(Kind.ALTERED);
    assertThat(report.findings().get(0))
        .hasToString(log + " line 4: the line is not what was written: its hash does not fit");
  }

  @Test
  void verify_eachLineRemoved_isFoundUnlessItIsTheLast() throws Exception {
    AuditSamples.write(log, BIG, 1, 4);
    List<String> good = lines(log);

    for (int i = 0; i < good.size() - 1; i++) {
      List<String> lines = lines(log);
      lines.remove(i);
      Path copy = directory.resolve("copy" + i);
      writeLines(copy, lines);
      AuditReport report = verify(copy);
      assertThat(report.verdict()).as("without line %d", i + 1).isEqualTo(Verdict.BROKEN);
      assertThat(report.findings().get(0).line()).isEqualTo(i + 1);
    }
  }

  @Test
  void verify_removedLines_saysWhichEventsAreMissing() throws Exception {
    AuditSamples.write(log, BIG, 1, 6);
    List<String> lines = lines(log);
    lines.subList(2, 5).clear();
    writeLines(log, lines);

    AuditReport report = verify(log);

    assertThat(report.findings()).hasSize(1);
    assertThat(report.findings().get(0).kind()).isEqualTo(Kind.MISSING);
    assertThat(report.findings().get(0).reason()).contains("events 2 to 4 are missing");
  }

  @Test
  void verify_twoLinesExchanged_isFound() throws Exception {
    AuditSamples.write(log, BIG, 1, 5);
    List<String> lines = lines(log);
    Collections.swap(lines, 2, 3);
    writeLines(log, lines);

    assertThat(verify(log).findings())
        .extracting(AuditFinding::kind)
        .contains(Kind.MISSING, Kind.MISPLACED);
  }

  @Test
  void verify_lineRepeated_isFound() throws Exception {
    AuditSamples.write(log, BIG, 1, 3);
    List<String> lines = lines(log);
    lines.add(3, lines.get(2));
    writeLines(log, lines);

    assertThat(verify(log).findings()).extracting(AuditFinding::kind).contains(Kind.MISPLACED);
  }

  @Test
  void verify_genuineLineOfAnotherLogInserted_isFound() throws Exception {
    AuditSamples.write(log, BIG, 1, 3);
    Path other = directory.resolve("other.log");
    AuditSamples.write(other, BIG, 11, 13);
    List<String> lines = lines(log);
    lines.set(2, lines(other).get(2));
    writeLines(log, lines);

    AuditReport report = verify(log);

    assertThat(report.verdict()).isEqualTo(Verdict.BROKEN);
    assertThat(report.findings().get(0).reason()).contains("does not follow from the line before");
  }

  @Test
  void verify_foreignLineInserted_isFound() throws Exception {
    AuditSamples.write(log, BIG, 1, 3);
    List<String> lines = lines(log);
    lines.add(2, "{\"seq\":2,\"note\":\"nothing to see\"}\n");
    writeLines(log, lines);

    assertThat(verify(log).findings())
        .hasSize(1)
        .extracting(AuditFinding::line)
        .containsExactly(3L);
  }

  @Test
  void verify_fileMissingInTheMiddle_saysWhich() throws Exception {
    AuditSamples.write(log, 1000, 1, 12);
    Files.delete(directory.resolve("audit.log.000002"));

    AuditReport report = verify(directory);

    assertThat(report.findings()).hasSize(1);
    assertThat(report.findings().get(0).reason()).contains("this is file 3, but file 2 is missing");
  }

  @Test
  void verify_olderFilesNotGiven_isIntactButSaysThatItDoesNotBeginAtTheBeginning()
      throws Exception {
    AuditSamples.write(log, 1000, 1, 12);
    Files.delete(directory.resolve("audit.log.000001"));

    AuditReport report = verify(directory);

    assertThat(report.verdict()).isEqualTo(Verdict.INTACT);
    assertThat(report.beginsAtFirstFile()).isFalse();
    assertThat(report.firstSequence()).isGreaterThan(1);
  }

  @Test
  void verify_lastLinesOfAFullFileCut_isFoundByTheNextFile() throws Exception {
    AuditSamples.write(log, 1000, 1, 12);
    Path first = directory.resolve("audit.log.000001");
    List<String> lines = lines(first);
    lines.remove(lines.size() - 1);
    writeLines(first, lines);

    assertThat(verify(directory).findings())
        .extracting(AuditFinding::kind)
        .containsExactly(Kind.MISSING);
  }

  @Test
  void verify_fullFileCutWithinALine_isNoHarmlessTornEnd() throws Exception {
    AuditSamples.write(log, 1000, 1, 12);
    Path first = directory.resolve("audit.log.000001");
    byte[] bytes = Files.readAllBytes(first);
    Files.write(first, Arrays.copyOf(bytes, bytes.length - 10));

    assertThat(verify(directory).verdict()).isEqualTo(Verdict.BROKEN);
  }

  @Test
  void verify_sameFileTwice_isFound() throws Exception {
    AuditSamples.write(log, BIG, 1, 2);

    assertThat(verify(log, log).findings())
        .extracting(AuditFinding::kind)
        .containsExactly(Kind.MISPLACED);
  }

  @Test
  void verify_filesInAnyOrder_areReadInTheirs() throws Exception {
    AuditSamples.write(log, 1000, 1, 12);

    assertThat(
            verify(
                    log,
                    directory.resolve("audit.log.000002"),
                    directory.resolve("audit.log.000001"))
                .findings())
        .filteredOn(finding -> finding.kind() != Kind.MISSING)
        .isEmpty();
  }

  @Test
  void verify_wholeLinesCutAtTheEnd_isFoundWithACheckpointOnly() throws Exception {
    AuditReceipt checkpoint = AuditSamples.write(log, BIG, 1, 5);
    List<String> lines = lines(log);
    lines.remove(5);
    writeLines(log, lines);

    assertThat(verify(log).verdict()).isEqualTo(Verdict.INTACT);
    AuditReport report = AuditVerifier.verify(List.of(log), checkpoint);
    assertThat(report.findings()).extracting(AuditFinding::kind).containsExactly(Kind.CHECKPOINT);
    assertThat(report.findings().get(0).reason()).contains("ends at event 4");
  }

  @Test
  void verify_wholeChainWrittenAnew_isFoundWithACheckpoint() throws Exception {
    AuditReceipt checkpoint = AuditSamples.write(log, BIG, 1, 3);
    Files.delete(log);
    AuditSamples.write(log, BIG, 2, 6);

    assertThat(verify(log).verdict()).isEqualTo(Verdict.INTACT);
    assertThat(AuditVerifier.verify(List.of(log), checkpoint).findings().get(0).reason())
        .contains("the chain was written anew");
  }

  @Test
  void verify_checkpointInTheMiddle_isAccepted() throws Exception {
    AuditReceipt checkpoint = AuditSamples.write(log, BIG, 1, 3);
    AuditSamples.write(log, BIG, 4, 6);

    assertThat(AuditVerifier.verify(List.of(log), checkpoint).verdict()).isEqualTo(Verdict.INTACT);
  }

  @Test
  void verify_foreignContent_isReportedAndDoesNotExhaustMemory() throws Exception {
    byte[] block = new byte[1 << 20];
    for (int i = 0; i < 20; i++) {
      Files.write(log, block, StandardOpenOption.CREATE, StandardOpenOption.APPEND);
    }
    Files.writeString(log, "\n", StandardOpenOption.APPEND);

    AuditReport report = verify(log);

    assertThat(report.verdict()).isEqualTo(Verdict.BROKEN);
    assertThat(report.events()).isZero();
  }

  @Test
  void verify_emptyFile_isReported() throws Exception {
    Files.createFile(log);

    assertThat(verify(log).verdict()).isEqualTo(Verdict.BROKEN);
  }

  @Test
  void verify_manyBadLines_givesABoundedReport() throws Exception {
    Files.writeString(log, "x\n".repeat(5000));

    assertThat(verify(log).findings()).hasSize(1000);
  }

  @Test
  void verify_currentFilesBeginningChangedOrEmptied_isFoundInTheDirectoryToo() throws Exception {
    AuditSamples.write(log, 1000, 1, 12);
    byte[] good = Files.readAllBytes(log);
    for (int i = 0; i < 20; i++) {
      byte[] bad = good.clone();
      bad[i] ^= 1;
      Files.write(log, bad);
      assertThat(verify(directory).verdict()).as("byte %d", i).isEqualTo(Verdict.BROKEN);
    }

    Files.write(log, new byte[0]);

    assertThat(verify(directory).findings()).extracting(AuditFinding::file).containsExactly(log);
  }

  @Test
  void verify_fullFilesBeginningChanged_isFoundInTheDirectoryToo() throws Exception {
    AuditSamples.write(log, 1000, 1, 12);
    Path first = directory.resolve("audit.log.000001");
    byte[] bad = Files.readAllBytes(first);
    bad[0] = 'x';
    Files.write(first, bad);

    assertThat(verify(directory).findings()).extracting(AuditFinding::file).contains(first);
  }

  @Test
  void verify_directoryWithoutAuditFiles_isNotIntact() throws Exception {
    Files.writeString(directory.resolve("readme"), "nothing here");

    AuditReport report = verify(directory);

    assertThat(report.verdict()).isEqualTo(Verdict.BROKEN);
    assertThat(report.findings()).extracting(AuditFinding::kind).containsExactly(Kind.MISSING);
  }

  @Test
  void verify_lastFileCutWithinItsHeader_isNoHarmlessTornEnd() throws Exception {
    AuditSamples.write(log, BIG, 1, 3);
    byte[] good = Files.readAllBytes(log);
    int header = lines(log).get(0).length();

    for (int length : new int[] {20, header / 2, header - 1}) {
      Files.write(log, Arrays.copyOf(good, length));
      assertThat(verify(log).verdict()).as("%d bytes", length).isEqualTo(Verdict.BROKEN);
    }
  }

  @Test
  void verify_forgedFileThatCountsAnew_isFoundAlthoughItsHashFits() throws Exception {
    AuditReceipt head = AuditSamples.write(log, BIG, 1, 3);
    LineBuffer forged = new LineBuffer();
    new AuditLineWriter().header(forged, 2, 2, java.time.Instant.EPOCH);
    new HashChain(head.chainHash()).seal(forged, 0);
    java.nio.ByteBuffer bytes = forged.asByteBuffer();
    Path second = directory.resolve("forged");
    Files.write(second, Arrays.copyOf(bytes.array(), bytes.limit()));

    assertThat(verify(log, second).findings())
        .extracting(AuditFinding::kind)
        .containsExactly(Kind.MISPLACED);
  }
}
