// SPDX-License-Identifier: Apache-2.0
package org.openekm.core.audit;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import org.openekm.spi.audit.AuditReceipt;

/**
 * Checks audit files without any secret and without the server.
 *
 * <p>It finds every changed byte and every line or file that was removed, inserted or moved between
 * two others. Two things no file can show by itself: that whole lines were cut off at its very end,
 * and that somebody wrote the whole chain anew. Against both, keep a checkpoint elsewhere from time
 * to time (a receipt, or {@link AuditReport#head()} of an earlier check) and hand it in: the log
 * must then contain exactly that event with that hash.
 *
 * <p>Stateless and thread-safe.
 */
public final class AuditVerifier {

  private AuditVerifier() {}

  /**
   * Checks files of one log, in any order; a directory stands for all audit files in it, among them
   * those that are audit files by their name only because their beginning was changed.
   *
   * @throws IOException if a file can't be read
   */
  public static AuditReport verify(List<Path> paths) throws IOException {
    return verify(paths, new AuditReceipt(0, ""));
  }

  /**
   * Checks files of one log, in any order, and that they contain an event that was acknowledged
   * earlier.
   *
   * @param checkpoint the event's number and hash; a number of 0 to do without
   * @throws IOException if a file can't be read
   */
  public static AuditReport verify(List<Path> paths, AuditReceipt checkpoint) throws IOException {
    List<NumberedFile> files = inOrder(paths);
    ChainCheck check = new ChainCheck(checkpoint);
    for (int i = 0; i < files.size(); i++) {
      boolean last = i == files.size() - 1;
      try (AuditLineReader reader = new AuditLineReader(files.get(i).path())) {
        check.file(files.get(i).path(), reader, last);
      }
    }
    long firstFile = files.isEmpty() ? 0 : files.get(0).number();
    return check.report(files.size(), firstFile);
  }

  private static List<NumberedFile> inOrder(List<Path> paths) throws IOException {
    List<NumberedFile> files = new ArrayList<>();
    for (Path path : paths) {
      for (Path file : expand(path)) {
        files.add(new NumberedFile(numberOf(file), file));
      }
    }
    files.sort(Comparator.comparingLong(NumberedFile::number).thenComparing(NumberedFile::path));
    return files;
  }

  private static List<Path> expand(Path path) throws IOException {
    if (!Files.isDirectory(path)) {
      return List.of(path);
    }
    List<Path> regular;
    try (Stream<Path> entries = Files.list(path)) {
      regular = entries.filter(Files::isRegularFile).sorted().toList();
    }
    Set<Path> files = new LinkedHashSet<>();
    Set<String> logs = new HashSet<>();
    for (Path entry : regular) {
      if (AuditLineReader.looksLikeAuditFile(entry)) {
        files.add(entry);
        logs.add(AuditFiles.logNameOf(entry));
      }
    }
    regular.stream()
        .filter(entry -> logs.contains(AuditFiles.logNameOf(entry)))
        .forEach(files::add);
    return List.copyOf(files);
  }

  /** A file without a proper header comes last, where its first line is reported. */
  private static long numberOf(Path file) throws IOException {
    try (AuditLineReader reader = new AuditLineReader(file)) {
      Optional<AuditLine> first = reader.next();
      return first
          .filter(line -> line.kind() == AuditLine.Kind.HEADER)
          .map(AuditLine::file)
          .orElse(Long.MAX_VALUE);
    }
  }

  private record NumberedFile(long number, Path path) {}
}
