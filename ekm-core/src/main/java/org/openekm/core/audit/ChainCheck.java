// SPDX-License-Identifier: Apache-2.0
package org.openekm.core.audit;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.openekm.core.audit.AuditFinding.Kind;
import org.openekm.spi.audit.AuditReceipt;

/**
 * Follows a chain through its files in order. After something wrong it goes on from what the file
 * says, so that one change gives few findings. Not thread-safe.
 */
final class ChainCheck {

  private static final int MAX_FINDINGS = 1000;

  private final AuditReceipt checkpoint;
  private final List<AuditFinding> findings = new ArrayList<>();

  private Path file = Path.of("");
  private long events;
  private long firstSequence;
  private long expectedFile;
  private long expectedSequence = 1;

  /** The hash of the line before; empty while it is not known. */
  private String expectedPrev = "";

  private long lastSequence;
  private String head = "";
  private boolean checkpointSeen;

  ChainCheck(AuditReceipt checkpoint) {
    this.checkpoint = checkpoint;
  }

  void file(Path path, AuditLineReader reader, boolean last) throws IOException {
    file = path;
    Optional<AuditLine> line = reader.next();
    if (line.isEmpty()) {
      find(0, Kind.ALTERED, "the file is empty; an audit file has at least its header line");
    }
    while (line.isPresent()) {
      line(line.get(), last);
      line = reader.next();
    }
  }

  AuditReport report(int files, long firstFile) {
    if (files == 0) {
      find(0, Kind.MISSING, "there is no audit file here");
    }
    if (checkpoint.sequence() > 0 && !checkpointSeen) {
      find(
          0,
          Kind.CHECKPOINT,
          "event "
              + checkpoint.sequence()
              + " of the checkpoint is not in the log, which ends at event "
              + lastSequence
              + ": its end was cut off, or these are not all its files");
    }
    AuditReceipt end = new AuditReceipt(lastSequence, head);
    return new AuditReport(
        files, firstFile == Long.MAX_VALUE ? 0 : firstFile, events, firstSequence, end, findings);
  }

  private void line(AuditLine line, boolean lastFile) {
    if (!line.terminated()) {
      unfinished(line, lastFile);
      return;
    }
    if (line.number() == 1 && line.kind() != AuditLine.Kind.HEADER) {
      find(1, Kind.ALTERED, "the file does not begin with the header of an audit file");
    }
    if (!line.genuine()) {
      find(line.number(), Kind.ALTERED, "the line is not what was written: its hash does not fit");
    }
    switch (line.kind()) {
      case HEADER -> header(line);
      case EVENT -> event(line);
      default -> expectedPrev = "";
    }
  }

  private void unfinished(AuditLine line, boolean lastFile) {
    if (line.number() == 1) {
      find(1, Kind.ALTERED, "the file was cut off within its first line");
    } else if (lastFile) {
      find(
          line.number(),
          Kind.TORN_END,
          "the last line is unfinished; a killed process leaves such a line behind, it was never acknowledged");
    } else {
      find(line.number(), Kind.ALTERED, "the file was cut off within its last line");
      expectedPrev = "";
    }
  }

  private void header(AuditLine line) {
    if (line.number() != 1) {
      find(
          line.number(),
          Kind.MISPLACED,
          "a header stands in the middle of the file: two files were joined");
    }
    if (expectedFile == 0) {
      firstHeader(line);
    } else if (line.file() > expectedFile) {
      find(
          line.number(),
          Kind.MISSING,
          "this is file " + line.file() + ", but file " + expectedFile + " is missing");
    } else if (line.file() < expectedFile) {
      find(line.number(), Kind.MISPLACED, "file " + line.file() + " is here more than once");
    } else if (line.sequence() > expectedSequence) {
      missingBefore(line);
    } else if (line.sequence() < expectedSequence || !follows(line)) {
      find(
          line.number(),
          Kind.MISPLACED,
          "the file does not follow from the end of the file before");
    }
    expectedFile = line.file() + 1;
    expectedSequence = line.sequence();
    goOnFrom(line);
  }

  private void firstHeader(AuditLine line) {
    if (line.file() == 1 && !(line.prev().equals(HashChain.START) && line.sequence() == 1)) {
      find(line.number(), Kind.ALTERED, "the first file does not begin at the beginning");
    }
  }

  private void event(AuditLine line) {
    if (expectedFile == 0) {
      // Without a header there is nothing to follow from; the missing header has been reported.
      expectedFile = 1;
    } else if (line.sequence() > expectedSequence) {
      missingBefore(line);
    } else if (line.sequence() < expectedSequence) {
      find(
          line.number(),
          Kind.MISPLACED,
          "event "
              + line.sequence()
              + " stands where event "
              + expectedSequence
              + " belongs: it was moved, repeated or inserted");
    } else if (!follows(line)) {
      find(
          line.number(),
          Kind.MISPLACED,
          "event "
              + line.sequence()
              + " does not follow from the line before: one of them was exchanged");
    }
    expectedSequence = line.sequence() + 1;
    goOnFrom(line);
    count(line);
  }

  private void count(AuditLine line) {
    if (!line.genuine()) {
      return;
    }
    events++;
    if (firstSequence == 0) {
      firstSequence = line.sequence();
    }
    lastSequence = line.sequence();
    head = line.hash();
    if (line.sequence() == checkpoint.sequence()) {
      checkpointSeen = true;
      if (!line.hash().equals(checkpoint.chainHash())) {
        find(
            line.number(),
            Kind.CHECKPOINT,
            "event "
                + line.sequence()
                + " is not the one of the checkpoint: the chain was written anew");
      }
    }
  }

  private void missingBefore(AuditLine line) {
    long last = line.sequence() - 1;
    String which =
        last == expectedSequence
            ? "event " + last + " is"
            : "events " + expectedSequence + " to " + last + " are";
    find(line.number(), Kind.MISSING, which + " missing before this line");
  }

  private boolean follows(AuditLine line) {
    return expectedPrev.isEmpty() || line.prev().equals(expectedPrev);
  }

  private void goOnFrom(AuditLine line) {
    expectedPrev = line.hash();
  }

  private void find(long line, Kind kind, String reason) {
    if (findings.size() < MAX_FINDINGS) {
      findings.add(new AuditFinding(file, line, kind, reason));
    }
  }
}
