// SPDX-License-Identifier: Apache-2.0
package org.openekm.core;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/**
 * Finds Project Wycheproof's vectors. They are not part of this repository: they are looked for
 * beside or above the working directory, or in the directory that the system property {@code
 * ekm.test.wycheproof} names.
 */
public final class WycheproofVectors {

  private static final String AES_GCM = "aes_gcm_test.json";

  private WycheproofVectors() {}

  /** Returns the AES-GCM vectors; says why not if they are not there. */
  public static Optional<Path> aesGcm() {
    Optional<Path> found = find();
    if (found.isEmpty()) {
      System.out.println("Wycheproof AES-GCM: skipped, " + AES_GCM + " was not found");
    }
    return found;
  }

  private static Optional<Path> find() {
    String named = System.getProperty("ekm.test.wycheproof");
    if (named != null) {
      return Optional.of(Path.of(named, AES_GCM)).filter(Files::isRegularFile);
    }
    for (Path at = Path.of("").toAbsolutePath(); at != null; at = at.getParent()) {
      Path candidate = at.resolve(Path.of("shared", "vectors", "wycheproof", AES_GCM));
      if (Files.isRegularFile(candidate)) {
        return Optional.of(candidate);
      }
    }
    return Optional.empty();
  }
}
