// SPDX-License-Identifier: Apache-2.0
package org.openekm.core.internal.io;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import org.jspecify.annotations.Nullable;

/**
 * Keeps a second process, and a second user in this one, away from a file for as long as it is
 * open. The operating system lets go of it when the process ends, however it ends.
 *
 * <p>The lock is on a file of its own that stays behind, because the guarded file itself may be
 * replaced.
 */
public final class ExclusiveLock implements AutoCloseable {

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
        throw new IOException(
            guarded
                + " is in use by another server; stop that one, or give this one a file of its own");
      }
      taken = true;
      return new ExclusiveLock(channel);
    } finally {
      if (!taken) {
        channel.close();
      }
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
