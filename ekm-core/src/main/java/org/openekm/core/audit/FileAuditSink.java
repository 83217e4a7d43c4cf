// SPDX-License-Identifier: Apache-2.0
package org.openekm.core.audit;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.time.InstantSource;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;
import org.openekm.core.internal.io.DurableFiles;
import org.openekm.core.internal.io.ExclusiveLock;
import org.openekm.spi.CheckResult;
import org.openekm.spi.audit.AuditEvent;
import org.openekm.spi.audit.AuditReceipt;
import org.openekm.spi.audit.AuditSink;
import org.openekm.spi.audit.AuditSinkException;

/**
 * Keeps events in files of JSON lines that are chained by hashes, one line an event, written
 * through to the disk once a batch.
 *
 * <p>Every file begins with a header line that names its number and the hash of the last line
 * before it; a full file is renamed to {@code <name>.000001} and so on. {@link AuditVerifier} shows
 * any later change. A write that fails is cut off again, so that the chain goes on in the right
 * place once the disk works again. An unfinished write that a killed process or a power cut left
 * behind, which was never acknowledged, is moved to a file beside the log, and an event {@code
 * audit.recovered} says so.
 *
 * <p>Only one process at a time can have a log open. Thread-safe.
 */
public final class FileAuditSink implements AuditSink {

  private static final long MIN_FREE_BYTES = 1 << 20;
  private static final int PROBE_BYTES = 4096;

  private final AuditFiles files;
  private final long maxFileBytes;
  private final InstantSource clock;
  private final Opener opener;
  private final ExclusiveLock exclusive;
  private final ReentrantLock use = new ReentrantLock();
  private final AuditLineWriter writer = new AuditLineWriter();
  private final LineBuffer buffer = new LineBuffer();

  private final HashChain chain;
  private long sequence;
  private long fileNumber;
  private long firstSequence;
  private long goodLength;
  private @Nullable FileChannel channel;
  private @Nullable Object fileKey;

  /** True while the file may end in something that was not acknowledged. */
  private boolean broken;

  private boolean closed;

  /** Opens the channel to write to; tests put a failing disk in its place. */
  @FunctionalInterface
  interface Opener {
    FileChannel open(Path file, StandardOpenOption... options) throws IOException;
  }

  /**
   * Opens a log, creates it if it is not there, and tries whether its directory can be written to.
   *
   * @param path the current file; its directory must exist
   * @param maxFileBytes the size from which on a file counts as full, at least 1
   * @param clock for the times in headers and in the events of the sink's own
   * @throws AuditSinkException if another process has it, it is damaged or it can't be written to
   */
  public static FileAuditSink open(Path path, long maxFileBytes, InstantSource clock) {
    return open(path, maxFileBytes, clock, DurableFiles::open);
  }

  static FileAuditSink open(Path path, long maxFileBytes, InstantSource clock, Opener opener) {
    if (maxFileBytes < 1) {
      throw new IllegalArgumentException("maxFileBytes must be at least 1");
    }
    try {
      ExclusiveLock exclusive = ExclusiveLock.take(path);
      FileAuditSink sink =
          new FileAuditSink(new AuditFiles(path), maxFileBytes, clock, opener, exclusive);
      boolean started = false;
      try {
        sink.start();
        started = true;
        return sink;
      } finally {
        if (!started) {
          sink.close();
        }
      }
    } catch (IOException e) {
      throw new AuditSinkException("can't open the audit log " + path + ": " + reason(e), e);
    }
  }

  private FileAuditSink(
      AuditFiles files,
      long maxFileBytes,
      InstantSource clock,
      Opener opener,
      ExclusiveLock exclusive) {
    this.files = files;
    this.maxFileBytes = maxFileBytes;
    this.clock = clock;
    this.opener = opener;
    this.exclusive = exclusive;
    this.chain = new HashChain(HashChain.START);
  }

  @Override
  public AuditReceipt append(List<AuditEvent> batch) {
    // An interrupt would close the channel in the middle of a write; it is kept for whoever wants
    // to see it.
    boolean interrupted = Thread.interrupted();
    use.lock();
    try {
      return appendLocked(batch);
    } finally {
      use.unlock();
      if (interrupted) {
        Thread.currentThread().interrupt();
      }
    }
  }

  @Override
  public CheckResult check() {
    if (!use.tryLock()) {
      return CheckResult.ok("the audit log is being written to");
    }
    boolean interrupted = Thread.interrupted();
    try {
      return checkLocked();
    } catch (IOException e) {
      return CheckResult.failed(
          "the audit log " + files.current() + " can't be written to: " + reason(e));
    } finally {
      use.unlock();
      if (interrupted) {
        Thread.currentThread().interrupt();
      }
    }
  }

  @Override
  public void close() {
    use.lock();
    try {
      closed = true;
      closeChannel();
      exclusive.close();
    } catch (IOException e) {
      throw new AuditSinkException(
          "can't close the audit log " + files.current() + ": " + reason(e), e);
    } finally {
      use.unlock();
    }
  }

  private AuditReceipt appendLocked(List<AuditEvent> batch) {
    if (closed) {
      throw new AuditSinkException("the audit log " + files.current() + " is closed", null);
    }
    try {
      if (broken) {
        repair();
      }
      if (goodLength >= maxFileBytes && sequence >= firstSequence) {
        rotate();
      }
      write(batch);
      return new AuditReceipt(sequence, chain.head());
    } catch (IOException e) {
      broken = true;
      repairAfter(e);
      throw new AuditSinkException(
          "can't write to the audit log "
              + files.current()
              + ": "
              + reason(e)
              + "; look at its disk",
          e);
    }
  }

  private void write(List<AuditEvent> batch) throws IOException {
    FileChannel out = openChannel();
    requireSameFile();
    String headBefore = chain.head();
    long sequenceBefore = sequence;
    boolean written = false;
    try {
      buffer.clear();
      for (AuditEvent event : batch) {
        int start = buffer.length();
        sequence++;
        writer.event(buffer, sequence, event);
        chain.seal(buffer, start);
      }
      DurableFiles.write(out, buffer.asByteBuffer(), goodLength);
      out.force(false);
      goodLength += buffer.length();
      written = true;
    } finally {
      if (!written) {
        chain.moveTo(headBefore);
        sequence = sequenceBefore;
      }
    }
  }

  private CheckResult checkLocked() throws IOException {
    if (closed) {
      return CheckResult.failed("the audit log " + files.current() + " is closed");
    }
    if (broken) {
      repair();
      probe();
    }
    requireSameFile();
    long free = Files.getFileStore(DurableFiles.directoryOf(files.current())).getUsableSpace();
    if (free < MIN_FREE_BYTES) {
      return CheckResult.failed(
          "only "
              + free
              + " bytes are free for the audit log "
              + files.current()
              + "; make room on its disk");
    }
    return CheckResult.ok("the audit log " + files.current() + " is at event " + sequence);
  }

  private void requireSameFile() throws IOException {
    boolean same = false;
    try {
      BasicFileAttributes now = Files.readAttributes(files.current(), BasicFileAttributes.class);
      same = now.size() == goodLength && Objects.equals(fileKey, now.fileKey());
    } catch (NoSuchFileException e) {
      throw changed(e);
    }
    if (!same) {
      throw changed(null);
    }
  }

  private IOException changed(@Nullable IOException cause) {
    broken = true;
    return new IOException(
        "the file has been removed, replaced or changed by somebody else; restart the server",
        cause);
  }

  private void start() throws IOException {
    Files.deleteIfExists(files.next());
    boolean followsArchive = false;
    if (files.hasCurrent()) {
      ChainEnd end = ChainEnd.of(files.current());
      goOnFrom(end);
      fileNumber = end.file();
      firstSequence = end.firstSequence();
      goodLength = end.goodLength();
      setTornAside(end);
      channel = opener.open(files.current(), StandardOpenOption.WRITE);
      fileKey = keyOf(files.current());
    } else {
      followsArchive = startAfterNewestArchive();
    }
    probe();
    reportRecovery();
    if (followsArchive) {
      reportFreshFile();
    }
  }

  /** Returns true if there is an older file that the new one goes on from. */
  private boolean startAfterNewestArchive() throws IOException {
    Path newest = files.newestArchive().orElse(null);
    if (newest != null) {
      ChainEnd end = ChainEnd.of(newest);
      if (end.tornLength() > 0) {
        throw new DamagedAuditFileException(
            newest + " ends in an unfinished line; check it with 'ekm audit verify'");
      }
      goOnFrom(end);
      fileNumber = end.file();
    }
    beginFile();
    return newest != null;
  }

  private void goOnFrom(ChainEnd end) {
    chain.moveTo(end.head());
    sequence = end.sequence();
  }

  /**
   * A line that has been moved and not yet reported is the first evidence; what follows it is a
   * report that failed.
   */
  private void setTornAside(ChainEnd end) throws IOException {
    if (end.tornLength() == 0) {
      return;
    }
    try (FileChannel file =
        DurableFiles.open(files.current(), StandardOpenOption.READ, StandardOpenOption.WRITE)) {
      if (!Files.exists(files.torn(sequence + 1))) {
        keepTorn(file, end);
      }
      file.truncate(end.goodLength());
      file.force(true);
    }
  }

  private void keepTorn(FileChannel file, ChainEnd end) throws IOException {
    ByteBuffer torn = ByteBuffer.allocate((int) Math.min(end.tornLength(), Integer.MAX_VALUE - 8));
    int read = 0;
    while (torn.hasRemaining() && read >= 0) {
      read = file.read(torn, end.goodLength() + torn.position());
    }
    DurableFiles.writeAll(files.torn(sequence + 1), torn.flip());
    DurableFiles.syncDirectory(files.current());
  }

  /**
   * The moved line shows that there is something to report even if the last start ended before it
   * had reported it.
   */
  private void reportRecovery() throws IOException {
    Path torn = files.torn(sequence + 1);
    if (Files.exists(torn)) {
      write(
          List.of(
              AuditEvent.builder(clock.instant(), "audit.recovered")
                  .actor("server")
                  .detail("reason", "unfinished last write, never acknowledged")
                  .detail("bytes", Long.toString(Files.size(torn)))
                  .detail("moved-to", String.valueOf(torn.getFileName()))
                  .build()));
    }
  }

  /**
   * A crash between the two renames of a rotation looks just like a current file that somebody has
   * removed or emptied, so the log itself says that there was none.
   */
  private void reportFreshFile() throws IOException {
    write(
        List.of(
            AuditEvent.builder(clock.instant(), "audit.recovered")
                .actor("server")
                .detail("reason", "no current file at the start; it was being rotated or is lost")
                .detail("after-file", Long.toString(fileNumber - 1))
                .build()));
  }

  /**
   * Renames the full file and begins the next; whichever step fails, {@link #repair()} finds out
   * where to go on.
   */
  private void rotate() throws IOException {
    Path archive = files.archive(fileNumber);
    if (Files.exists(archive)) {
      throw new IOException(archive + " is in the way; move it to another directory");
    }
    closeChannel();
    DurableFiles.replace(files.current(), archive);
    beginFile();
  }

  private void beginFile() throws IOException {
    String headBefore = chain.head();
    boolean begun = false;
    try {
      buffer.clear();
      writer.header(buffer, fileNumber + 1, sequence + 1, clock.instant());
      chain.seal(buffer, 0);
      DurableFiles.writeAll(files.next(), buffer.asByteBuffer());
      fileKey = keyOf(files.next());
      Files.move(files.next(), files.current(), StandardCopyOption.ATOMIC_MOVE);
      begun = true;
    } finally {
      if (!begun) {
        chain.moveTo(headBefore);
      }
    }
    fileNumber++;
    firstSequence = sequence + 1;
    goodLength = buffer.length();
    DurableFiles.syncDirectory(files.current());
    channel = opener.open(files.current(), StandardOpenOption.WRITE);
  }

  private void repairAfter(IOException failure) {
    try {
      repair();
    } catch (IOException e) {
      failure.addSuppressed(e);
    }
  }

  /** Cuts off what a failed write has left, or ends a rotation that failed half-way. */
  private void repair() throws IOException {
    closeChannel();
    if (!Files.exists(files.current()) && Files.exists(files.archive(fileNumber))) {
      beginFile();
    } else {
      cutToGoodLength();
    }
    broken = false;
  }

  private void cutToGoodLength() throws IOException {
    if (!Files.exists(files.current())) {
      throw changed(null);
    }
    FileChannel out = opener.open(files.current(), StandardOpenOption.WRITE);
    channel = out;
    if (out.size() < goodLength || !Objects.equals(fileKey, keyOf(files.current()))) {
      throw new IOException(
          "the file has been removed, replaced or cut by somebody else; restart the server");
    }
    out.truncate(goodLength);
    out.force(true);
    // A rotation may have failed before its renames were durable.
    DurableFiles.syncDirectory(files.current());
  }

  private void probe() throws IOException {
    Path probe = files.probe();
    try {
      DurableFiles.writeAll(probe, ByteBuffer.allocate(PROBE_BYTES));
    } finally {
      Files.deleteIfExists(probe);
    }
  }

  private FileChannel openChannel() throws IOException {
    FileChannel open = channel;
    if (open == null) {
      throw new IOException("the file is not open");
    }
    return open;
  }

  private void closeChannel() throws IOException {
    FileChannel open = channel;
    channel = null;
    if (open != null) {
      open.close();
    }
  }

  private static @Nullable Object keyOf(Path file) throws IOException {
    return Files.readAttributes(file, BasicFileAttributes.class).fileKey();
  }

  private static String reason(IOException e) {
    String message = e.getMessage();
    return message == null ? e.getClass().getSimpleName() : message;
  }
}
