// SPDX-License-Identifier: Apache-2.0
package org.openekm.docs.structure;

import static java.util.Objects.requireNonNullElse;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/** The files of the project as an author sees them: no build output, no repository data. */
public final class SourceTree {
  private static final Set<String> PASSED_OVER =
      Set.of("target", ".git", ".idea", ".vscode", ".settings", "node_modules");

  private SourceTree() {}

  /** Returns the root of the project. */
  public static Path root() {
    return Path.of(requireNonNullElse(System.getProperty("ekm.rootdir"), ".."))
        .toAbsolutePath()
        .normalize();
  }

  /** Returns all files whose name ends in one of {@code endings}; all files if there is none. */
  public static List<Path> files(String... endings) {
    List<Path> found = new ArrayList<>();
    try {
      Files.walkFileTree(
          root(),
          new SimpleFileVisitor<>() {
            @Override
            public FileVisitResult preVisitDirectory(Path dir, BasicFileAttributes attributes) {
              return PASSED_OVER.contains(dir.getFileName().toString())
                  ? FileVisitResult.SKIP_SUBTREE
                  : FileVisitResult.CONTINUE;
            }

            @Override
            public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) {
              if (attributes.isRegularFile() && endsWithAny(file, endings)) {
                found.add(file);
              }
              return FileVisitResult.CONTINUE;
            }
          });
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return List.copyOf(found);
  }

  /** Returns the text of a file; bytes that are no UTF-8 become replacement characters. */
  public static String text(Path file) {
    try {
      return new String(Files.readAllBytes(file), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Returns the path below the root, with forward slashes. */
  public static String nameOf(Path file) {
    return root().relativize(file).toString().replace('\\', '/');
  }

  private static boolean endsWithAny(Path file, String... endings) {
    if (endings.length == 0) {
      return true;
    }
    String name = file.getFileName().toString();
    for (String ending : endings) {
      if (name.endsWith(ending)) {
        return true;
      }
    }
    return false;
  }
}
