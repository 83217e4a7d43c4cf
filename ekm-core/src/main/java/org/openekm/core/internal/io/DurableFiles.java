// SPDX-License-Identifier: Apache-2.0
package org.openekm.core.internal.io;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.OpenOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Set;

/**
 * What it takes to write a file so that a crash of the machine leaves either the old or the new
 * content.
 */
public final class DurableFiles {

  private static final Set<PosixFilePermission> OWNER_ONLY =
      Set.of(PosixFilePermission.OWNER_READ, PosixFilePermission.OWNER_WRITE);

  private DurableFiles() {}

  /**
   * Opens a file; if that creates it, only its owner can read and write it, where the file system
   * knows owners.
   */
  public static FileChannel open(Path file, OpenOption... options) throws IOException {
    return FileChannel.open(file, Set.of(options), ownerOnly(file));
  }

  /** Writes all of the buffer at the position. */
  public static void write(FileChannel channel, ByteBuffer data, long position) throws IOException {
    long at = position;
    while (data.hasRemaining()) {
      at += channel.write(data, at);
    }
  }

  /**
   * Creates or overwrites a file with the content, down to the disk, readable by its owner only.
   */
  public static void writeAll(Path file, ByteBuffer content) throws IOException {
    // A file left over from a crash may have other permissions than a new one.
    Files.deleteIfExists(file);
    try (FileChannel channel =
        open(file, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE)) {
      write(channel, content, 0);
      channel.force(true);
    }
  }

  /** Puts {@code source} in the place of {@code target} in one step, down to the disk. */
  public static void replace(Path source, Path target) throws IOException {
    Files.move(source, target, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    syncDirectory(target);
  }

  /** Makes the creation, renaming or removal of the file durable. */
  public static void syncDirectory(Path file) throws IOException {
    try (FileChannel directory = FileChannel.open(directoryOf(file), StandardOpenOption.READ)) {
      directory.force(true);
    }
  }

  /** Returns the directory that the file is in. */
  public static Path directoryOf(Path file) {
    Path parent = file.toAbsolutePath().getParent();
    return parent == null ? file.toAbsolutePath() : parent;
  }

  /** Returns the file beside {@code file} whose name has the suffix in addition. */
  public static Path sibling(Path file, String suffix) {
    return directoryOf(file).resolve(file.getFileName() + suffix);
  }

  private static FileAttribute<?>[] ownerOnly(Path file) {
    if (file.getFileSystem().supportedFileAttributeViews().contains("posix")) {
      return new FileAttribute<?>[] {PosixFilePermissions.asFileAttribute(OWNER_ONLY)};
    }
    return new FileAttribute<?>[0];
  }
}
