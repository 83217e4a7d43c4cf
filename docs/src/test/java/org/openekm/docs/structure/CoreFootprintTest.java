// SPDX-License-Identifier: Apache-2.0
package org.openekm.docs.structure;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/**
 * What an embedder takes in with the core: the core, the API, and the libraries that their POMs and
 * those libraries' POMs need at run time, from the very files on the class path.
 */
final class CoreFootprintTest {
  private static final long MEGABYTE = 1_000_000;
  private static final long LIMIT = 10 * MEGABYTE;

  @Test
  void coreAndAllThatItNeeds_stayUnderTenMegabytes() {
    Map<String, Long> sizes = new TreeMap<>();
    sizes.put("org.openekm:ekm-api", classesOf("ekm-api"));
    sizes.put("org.openekm:ekm-core", classesOf("ekm-core"));
    librariesOfTheCore().forEach((name, library) -> sizes.put(name, library.size()));
    long total = sizes.values().stream().mapToLong(Long::longValue).sum();

    assertThat(total).as("bytes of %s", sizes).isLessThan(LIMIT);
    assertThat(total).as("bytes of %s: suspiciously few", sizes).isGreaterThan(MEGABYTE);
  }

  @Test
  void libraries_areTheOnesThatWereDecidedOn() {
    assertThat(librariesOfTheCore())
        .as("a new library needs a decision in docs/adr")
        .containsOnlyKeys(
            "com.fasterxml.jackson.core:jackson-annotations",
            "com.github.ben-manes.caffeine:caffeine",
            "com.google.errorprone:error_prone_annotations",
            "com.nimbusds:nimbus-jose-jwt",
            "io.github.resilience4j:resilience4j-bulkhead",
            "io.github.resilience4j:resilience4j-circuitbreaker",
            "io.github.resilience4j:resilience4j-core",
            "org.jspecify:jspecify",
            "org.slf4j:slf4j-api",
            "tools.jackson.core:jackson-core",
            "tools.jackson.core:jackson-databind");
  }

  @Test
  void api_needsNothingAtRunTime() {
    assertThat(ClassPathJar.neededBy(SourceTree.root().resolve("ekm-api/pom.xml"))).isEmpty();
  }

  private static Map<String, ClassPathJar> librariesOfTheCore() {
    Path pom = SourceTree.root().resolve("ekm-core/pom.xml");
    return ClassPathJar.neededBy(pom);
  }

  /** Not packed, so never less than the jar. */
  private static long classesOf(String module) {
    Path classes = SourceTree.root().resolve(module).resolve("target/classes");
    try (Stream<Path> files = Files.walk(classes)) {
      return files.filter(Files::isRegularFile).mapToLong(CoreFootprintTest::sizeOf).sum();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static long sizeOf(Path file) {
    try {
      return Files.size(file);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
