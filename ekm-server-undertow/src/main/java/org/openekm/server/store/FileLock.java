// SPDX-License-Identifier: Apache-2.0
package org.openekm.server.store;

import static java.util.Objects.requireNonNull;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.openekm.spi.store.StoreException;

/**
 * Holds a file for one server: a lock on a second file beside it, which the operating system drops
 * with the process. Links to the file lead to the same lock.
 */
final class FileLock implements AutoCloseable {

  // The operating system's lock belongs to the whole process, and closing any channel on the lock
  // file drops it. So a second server in this process must be turned away before it opens one.
  private static final Set<Path> HELD_BY_THIS_PROCESS = ConcurrentHashMap.newKeySet();

  private final Path lockFile;
  private final FileChannel channel;

  private FileLock(Path lockFile, FileChannel channel) {
    this.lockFile = lockFile;
    this.channel = channel;
  }

  /**
   * Takes the lock.
   *
   * @throws StoreException if another server has it
   */
  static FileLock acquire(Path file) {
    Path lockFile = beside(file);
    if (!HELD_BY_THIS_PROCESS.add(lockFile)) {
      throw inUse(file);
    }
    boolean taken = false;
    try {
      FilePermissions.ownerOnly(lockFile);
      FileChannel channel = FileChannel.open(lockFile, StandardOpenOption.WRITE);
      if (channel.tryLock() != null) {
        taken = true;
        return new FileLock(lockFile, channel);
      }
      channel.close();
    } catch (IOException e) {
      throw new StoreException(
          "the lock file " + lockFile + " can't be used: " + e.getMessage(), e);
    } finally {
      if (!taken) {
        HELD_BY_THIS_PROCESS.remove(lockFile);
      }
    }
    throw inUse(file);
  }

  private static Path beside(Path file) {
    try {
      Path real = Files.exists(file) ? file.toRealPath() : realFolder(file).resolve(name(file));
      return real.resolveSibling(name(real) + ".lock");
    } catch (IOException e) {
      throw new StoreException("the path " + file + " can't be followed: " + e.getMessage(), e);
    }
  }

  private static Path realFolder(Path file) throws IOException {
    return requireNonNull(file.toAbsolutePath().getParent(), "the file's folder").toRealPath();
  }

  private static String name(Path file) {
    return requireNonNull(file.getFileName(), "the file's name").toString();
  }

  private static StoreException inUse(Path file) {
    return new StoreException(
        "another server uses " + file + "; stop it first, or give this one a file of its own",
        null);
  }

  @Override
  public void close() {
    if (!channel.isOpen()) {
      return;
    }
    try {
      channel.close();
    } catch (IOException e) {
      throw new StoreException("the lock of the database did not close: " + e.getMessage(), e);
    } finally {
      HELD_BY_THIS_PROCESS.remove(lockFile);
    }
  }
}
