// SPDX-License-Identifier: Apache-2.0
package org.openekm.server.store;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;

/** Files that only their owner may read. */
final class FilePermissions {

  private FilePermissions() {}

  /**
   * Makes the file if it is not there, and takes away everybody else's access where the file system
   * knows such.
   */
  static void ownerOnly(Path file) throws IOException {
    if (!Files.exists(file)) {
      Files.createFile(file);
    }
    if (Files.getFileStore(file).supportsFileAttributeView("posix")) {
      Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-------"));
    }
  }
}
