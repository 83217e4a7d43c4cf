// SPDX-License-Identifier: Apache-2.0
package org.openekm.server.cli;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Set;

/**
 * Writes files that are there for good once the call returns, and never over a file that is already
 * there.
 */
final class PrivateFiles {

  private static final boolean POSIX =
      FileSystems.getDefault().supportedFileAttributeViews().contains("posix");

  private PrivateFiles() {}

  /** Makes a folder that only its owner may enter. */
  static void folder(Path folder) throws IOException {
    Files.createDirectories(folder, attributes("rwx------"));
  }

  /** Writes a file that only its owner may read. */
  static void secret(Path file, byte[] content) throws IOException {
    write(file, content, "rw-------");
  }

  /** Writes a file that everybody may read. */
  static void open(Path file, byte[] content) throws IOException {
    write(file, content, "rw-r--r--");
  }

  /** Makes a file that only its owner may read; what is written there is not forced to disk. */
  static FileChannel newSecret(Path file) throws IOException {
    return create(file, "rw-------");
  }

  private static FileChannel create(Path file, String permissions) throws IOException {
    Set<StandardOpenOption> options =
        Set.of(StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE);
    return FileChannel.open(file, options, attributes(permissions));
  }

  private static void write(Path file, byte[] content, String permissions) throws IOException {
    try (FileChannel channel = create(file, permissions)) {
      ByteBuffer buffer = ByteBuffer.wrap(content);
      while (buffer.hasRemaining()) {
        channel.write(buffer);
      }
      channel.force(true);
    }
  }

  private static FileAttribute<?>[] attributes(String permissions) {
    return POSIX
        ? new FileAttribute<?>[] {
          PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString(permissions))
        }
        : new FileAttribute<?>[0];
  }
}
