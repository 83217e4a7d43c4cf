// SPDX-License-Identifier: Apache-2.0
package org.openekm.core.internal.io;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/**
 * Keeps a second process, and a second user in this one, away from a file for as long as it is
 * open. The operating system lets go of it when the process ends, however it ends.
 *
 * <p>The lock is on a file of its own that stays behind, because the guarded file itself may be
 * replaced.
 */
public final class ExclusiveLock implements AutoCloseable {

  private static final long POLL_NANOS = TimeUnit.MILLISECONDS.toNanos(2);

  private final FileChannel channel;

  private ExclusiveLock(FileChannel channel) {
    this.channel = channel;
  }

  /**
   * Takes the lock for {@code guarded}.
   *
   * @throws IOException if somebody else has it, with a message for the operator, or if the lock
   *     file can't be opened
   */
  public static ExclusiveLock take(Path guarded) throws IOException {
    Path lockFile = DurableFiles.sibling(guarded, ".lock");
    FileChannel channel =
        DurableFiles.open(lockFile, StandardOpenOption.CREATE, StandardOpenOption.WRITE);
    boolean taken = false;
    try {
      if (tryLock(channel) == null) {
        throw new InUseException(guarded);
      }
      taken = true;
      return new ExclusiveLock(channel);
    } finally {
      if (!taken) {
        channel.close();
      }
    }
  }

  /**
   * Takes the lock for {@code guarded}, waiting for others who hold it for a moment.
   *
   * @throws IOException if it is not free within the patience, with a message for the operator
   */
  public static ExclusiveLock await(Path guarded, Duration patience) throws IOException {
    long triesLeft = Math.max(1, patience.toNanos() / POLL_NANOS);
    while (true) {
      try {
        return take(guarded);
      } catch (InUseException e) {
        triesLeft--;
        if (triesLeft == 0 || Thread.currentThread().isInterrupted()) {
          throw e;
        }
        LockSupport.parkNanos(POLL_NANOS);
      }
    }
  }

  /** Somebody else has the lock. */
  private static final class InUseException extends IOException {

    private static final long serialVersionUID = 1L;

    InUseException(Path guarded) {
      super(
          guarded
              + " is in use by another server; stop that one, or give this one a file of its own");
    }
  }

  @Override
  public void close() throws IOException {
    channel.close();
  }

  private static @Nullable FileLock tryLock(FileChannel channel) throws IOException {
    try {
      return channel.tryLock();
    } catch (OverlappingFileLockException e) {
      return null;
    }
  }
}
