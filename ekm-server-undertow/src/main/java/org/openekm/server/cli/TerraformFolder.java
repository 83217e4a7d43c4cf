// SPDX-License-Identifier: Apache-2.0
package org.openekm.server.cli;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.openekm.server.oci.TerraformFiles;

/** A folder that is written once and brought up to date later. */
final class TerraformFolder {

  private TerraformFolder() {}

  /**
   * Writes the files, each as a whole or not at all; others in the folder stay.
   *
   * @return their names
   * @throws CommandFailedException if the folder holds something that we have not written
   */
  static Set<String> write(Path folder, Map<String, String> files) throws IOException {
    requireOurs(folder);
    PrivateFiles.folder(folder);
    for (Map.Entry<String, String> file : files.entrySet()) {
      Path target = folder.resolve(file.getKey());
      Path next = Files.createTempFile(folder, ".ekm-", ".tmp");
      Files.writeString(next, file.getValue());
      Files.move(next, target, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    }
    return files.keySet();
  }

  private static void requireOurs(Path folder) throws IOException {
    if (!Files.exists(folder)) {
      return;
    }
    Path own = folder.resolve(TerraformFiles.OWN_FILE);
    boolean ours =
        Files.isRegularFile(own) && Files.readString(own).startsWith(TerraformFiles.MARK);
    if (ours) {
      return;
    }
    if (!Files.isDirectory(folder)) {
      throw new CommandFailedException(folder + " is not a folder; name another by --out", null);
    }
    try (Stream<Path> content = Files.list(folder)) {
      if (content.findAny().isPresent()) {
        throw new CommandFailedException(
            folder + " holds files that are not of this command; name another folder by --out",
            null);
      }
    }
  }
}
