// SPDX-License-Identifier: Apache-2.0
package org.openekm.core.audit;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Comparator;
import java.util.UUID;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.openekm.api.Deadline;
import org.openekm.api.KeyId;
import org.openekm.api.NanoClock;
import org.openekm.api.RequestId;
import org.openekm.api.VaultId;
import org.openekm.spi.audit.AuditEvent;
import org.openekm.spi.audit.AuditReceipt;
import org.openekm.spi.event.EkmListener;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Threads;
import org.openjdk.jmh.annotations.Warmup;

/** How long a call waits until its record is on disk, alone and with others to share the flush. */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(1)
public class AuditAppendBenchmark {

  private static final long FILE_BYTES = 64L << 20;

  private final ExecutorService writer = Executors.newCachedThreadPool();
  private final AuditEvent event =
      AuditEvent.builder(Instant.parse("2026-11-22T00:00:00Z"), "encrypt")
          .actor("d3adb33fcafe4a5f9d8c7b6a59483726")
          .requestId(new RequestId("0123456789abcdef0123456789abcdef"))
          .vault(new VaultId(new UUID(1, 2)))
          .key(new KeyId(new UUID(3, 4)))
          .detail("clause", "vault:allow-oci")
          .detail("micros", "85")
          .build();
  private Path folder;
  private AuditLog log;

  /** Opens a log in a temporary folder. */
  @Setup
  public void open() throws IOException {
    folder = Files.createTempDirectory("ekm-audit-benchmark");
    // A slow disk would turn the usual 50 ms into refusals; here the time itself is of interest.
    AuditLogConfig config = new AuditLogConfig(4096, Duration.ofSeconds(5), 256);
    log =
        new AuditLog(
            FileAuditSink.open(folder.resolve("audit.log"), FILE_BYTES, InstantSource.system()),
            config,
            writer,
            NanoClock.system(),
            new EkmListener() {});
  }

  /** Closes and removes it. */
  @TearDown
  public void close() throws IOException {
    log.close();
    writer.shutdownNow();
    try (Stream<Path> files = Files.walk(folder)) {
      for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
        Files.delete(file);
      }
    }
  }

  /** One caller: every record pays for a flush of its own. */
  @Benchmark
  public AuditReceipt oneThread() {
    return append();
  }

  /** Eight callers. */
  @Benchmark
  @Threads(8)
  public AuditReceipt eightThreads() {
    return append();
  }

  private AuditReceipt append() {
    return log.append(event, Deadline.after(Duration.ofSeconds(10), NanoClock.system()));
  }
}
