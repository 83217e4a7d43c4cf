// SPDX-License-Identifier: Apache-2.0
package org.openekm.core.audit;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/**
 * Where the chain stands at the end of one file.
 *
 * @param file the file's number
 * @param firstSequence the number of the file's first event
 * @param sequence the number of the last event, 0 if there is none yet
 * @param head the hash of the last line
 * @param goodLength how many bytes of the file are whole lines
 * @param tornLength how many bytes of an unfinished write follow them
 */
record ChainEnd(
    long file, long firstSequence, long sequence, String head, long goodLength, long tornLength) {

  private static final long LONGEST_WRITE = 1 << 20;

  /**
   * Reads a file of which the chain is to go on.
   *
   * @throws DamagedAuditFileException if anything but an unfinished last write is wrong with it
   */
  static ChainEnd of(Path path) throws IOException {
    try (AuditLineReader reader = new AuditLineReader(path)) {
      AuditLine header = reader.next().orElseThrow(() -> damaged(path, 1, "the file is empty"));
      if (header.kind() != AuditLine.Kind.HEADER || !header.genuine() || !header.terminated()) {
        throw damaged(path, 1, "it does not begin with the header of an audit file");
      }
      ChainEnd end =
          new ChainEnd(
              header.file(),
              header.sequence(),
              header.sequence() - 1,
              header.hash(),
              header.end(),
              0);
      long length = Files.size(path);
      Optional<AuditLine> line = reader.next();
      while (line.isPresent() && !end.isTornBy(line.get(), length)) {
        end = end.followedBy(path, line.get());
        line = reader.next();
      }
      return line.isPresent() ? end.tornUpTo(length) : end;
    }
  }

  /**
   * A power cut can leave the file longer than what reached the disk of the last write; the holes
   * read as zeros. Whole lines may follow them that are worth nothing: they belong to a write that
   * was never acknowledged. A hole further from the end than a write is long is damage.
   */
  private boolean isTornBy(AuditLine line, long length) {
    return !line.terminated() || (line.zeros() && length - goodLength <= LONGEST_WRITE);
  }

  private ChainEnd tornUpTo(long length) {
    return new ChainEnd(file, firstSequence, sequence, head, goodLength, length - goodLength);
  }

  private ChainEnd followedBy(Path path, AuditLine line) throws DamagedAuditFileException {
    boolean fits =
        line.kind() == AuditLine.Kind.EVENT
            && line.genuine()
            && line.prev().equals(head)
            && line.sequence() == sequence + 1;
    if (!fits) {
      throw damaged(path, line.number(), "the line does not follow from the one before");
    }
    return new ChainEnd(file, firstSequence, line.sequence(), line.hash(), line.end(), 0);
  }

  private static DamagedAuditFileException damaged(Path path, long line, String what) {
    return new DamagedAuditFileException(
        path
            + " line "
            + line
            + ": "
            + what
            + "; check it with 'ekm audit verify', keep it as evidence in another directory together with its older"
            + " parts, and start again with a new log");
  }
}
