// SPDX-License-Identifier: Apache-2.0
package org.openekm.core.audit;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.openekm.core.internal.io.DurableFiles;

/**
 * The names of the files that belong to one log: {@code audit.log} now, {@code audit.log.000001}
 * and so on before.
 */
record AuditFiles(Path current) {

  private static final Pattern NUMBER = Pattern.compile("\\.([0-9]{6,18})");
  private static final Pattern ARCHIVE = Pattern.compile("(.+)\\.[0-9]{6,18}");

  /** Returns where the file of that number goes when it is full. */
  Path archive(long file) {
    return DurableFiles.sibling(current, "." + String.format("%06d", file));
  }

  /** Returns where a new file is prepared. */
  Path next() {
    return DurableFiles.sibling(current, ".next");
  }

  /** Returns where the self-test writes. */
  Path probe() {
    return DurableFiles.sibling(current, ".probe");
  }

  /** Returns where an unfinished line goes that stood in the place of the event of that number. */
  Path torn(long sequence) {
    return DurableFiles.sibling(current, ".torn-" + sequence);
  }

  /** Returns true if there is a current file with something in it. */
  boolean hasCurrent() throws IOException {
    return Files.exists(current) && Files.size(current) > 0;
  }

  /** Returns the full file with the highest number. */
  Optional<Path> newestArchive() throws IOException {
    try (Stream<Path> files = Files.list(DurableFiles.directoryOf(current))) {
      return files
          .filter(file -> numberOf(file) > 0)
          .max((one, other) -> Long.compare(numberOf(one), numberOf(other)));
    }
  }

  /** Returns the name of the current file of the log that a file of this name belongs to. */
  static String logNameOf(Path file) {
    String name = String.valueOf(file.getFileName());
    Matcher matcher = ARCHIVE.matcher(name);
    return matcher.matches() ? matcher.group(1) : name;
  }

  private long numberOf(Path file) {
    String name = String.valueOf(file.getFileName());
    String base = String.valueOf(current.getFileName());
    if (!name.startsWith(base)) {
      return 0;
    }
    Matcher matcher = NUMBER.matcher(name.substring(base.length()));
    return matcher.matches() ? Long.parseLong(matcher.group(1)) : 0;
  }
}
