// SPDX-License-Identifier: Apache-2.0
package org.openekm.core.audit;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.io.TempDir;
import org.openekm.spi.audit.AuditSink;
import org.openekm.testkit.tck.AuditSinkTck;

/** Files so small that every test rotates, and an intact chain at the end of every test. */
class FileAuditSinkTckTest extends AuditSinkTck {

  @TempDir Path directory;

  @Override
  protected AuditSink createSink() {
    return AuditSamples.open(log(), 2_000);
  }

  @Override
  protected Optional<AuditSink> openAgain() {
    return Optional.of(AuditSamples.open(log(), 2_000));
  }

  @Override
  protected Optional<List<String>> keptTexts() {
    try (Stream<Path> files = Files.list(directory)) {
      return Optional.of(
          files
              .filter(file -> file.getFileName().toString().startsWith("audit.log"))
              .sorted((one, other) -> order(one).compareTo(order(other)))
              .flatMap(FileAuditSinkTckTest::events)
              .toList());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @AfterEach
  void verifyChain() throws IOException {
    AuditReport report = AuditSamples.verify(directory);
    org.assertj.core.api.Assertions.assertThat(report.findings()).isEmpty();
  }

  private Path log() {
    return directory.resolve("audit.log");
  }

  /** Puts the current file behind its numbered predecessors. */
  private static String order(Path file) {
    String name = file.getFileName().toString();
    return name.equals("audit.log") ? "audit.log.999999" : name;
  }

  private static Stream<String> events(Path file) {
    try {
      return Files.readAllLines(file).stream().filter(line -> line.startsWith("{\"seq\""));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
