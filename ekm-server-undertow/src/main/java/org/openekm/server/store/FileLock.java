// SPDX-License-Identifier: Apache-2.0
package org.openekm.server.store;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import org.openekm.spi.store.StoreException;

/**
 * Holds a file for one process: a lock on a second file beside it, which the operating system drops
 * with the process.
 */
final class FileLock implements AutoCloseable {

  private final FileChannel channel;

  private FileLock(FileChannel channel) {
    this.channel = channel;
  }

  /**
   * Takes the lock.
   *
   * @throws StoreException if another server has it
   */
  static FileLock acquire(Path file) {
    Path lockFile = file.resolveSibling(file.getFileName() + ".lock");
    try {
      FileChannel channel =
          FileChannel.open(lockFile, StandardOpenOption.CREATE, StandardOpenOption.WRITE);
      if (tryLock(channel)) {
        return new FileLock(channel);
      }
      channel.close();
    } catch (IOException e) {
      throw new StoreException(
          "the lock file " + lockFile + " can't be used: " + e.getMessage(), e);
    }
    throw new StoreException(
        "another server uses " + file + "; stop it first, or give this one a file of its own",
        null);
  }

  private static boolean tryLock(FileChannel channel) throws IOException {
    try {
      return channel.tryLock() != null;
    } catch (OverlappingFileLockException e) {
      // Held by this very process: for our purpose the same as held by another.
      return false;
    }
  }

  @Override
  public void close() {
    try {
      channel.close();
    } catch (IOException e) {
      throw new StoreException("the lock of the database did not close: " + e.getMessage(), e);
    }
  }
}
