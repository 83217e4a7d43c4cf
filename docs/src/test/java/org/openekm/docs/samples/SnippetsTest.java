// SPDX-License-Identifier: Apache-2.0
package org.openekm.docs.samples;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.openekm.docs.structure.SourceTree;

/**
 * The Java in the pages is the Java that is compiled and run here. A block begins with {@code
 * ```java snippet=NAME}; its source stands between {@code // snippet: NAME} and {@code // end
 * snippet}.
 */
final class SnippetsTest {
  private static final Pattern BLOCK = Pattern.compile("(?ms)^```java([^\\n]*)\\n(.*?)^```");
  private static final Pattern REGION =
      Pattern.compile("(?ms)^[ ]*// snippet: ([a-z0-9-]+)\\n(.*?)^[ ]*// end snippet$");
  private static final Pattern NAME = Pattern.compile(" snippet=([a-z0-9-]+)");

  @Test
  void javaInPages_isTheJavaOfTheSamples() {
    Map<String, String> sources = regions();
    List<String> faults = new ArrayList<>();
    Set<String> used = new TreeSet<>();
    for (Path page : SourceTree.files(".md")) {
      Matcher block = BLOCK.matcher(SourceTree.text(page));
      while (block.find()) {
        Matcher name = NAME.matcher(block.group(1));
        String place = SourceTree.nameOf(page) + ", block" + block.group(1);
        if (!name.matches()) {
          faults.add(place + ": write ```java snippet=NAME");
        } else if (!sources.containsKey(name.group(1))) {
          faults.add(place + ": no sample has this region");
        } else if (!sources.get(name.group(1)).equals(block.group(2))) {
          faults.add(
              place + ": differs from the sample; it must be\n" + sources.get(name.group(1)));
        } else {
          used.add(name.group(1));
        }
      }
    }

    assertThat(faults).isEmpty();
    assertThat(used).as("regions of samples that pages show").isEqualTo(sources.keySet());
  }

  private static Map<String, String> regions() {
    Map<String, String> regions = new TreeMap<>();
    for (Path source : SourceTree.files(".java")) {
      if (SourceTree.nameOf(source).startsWith("docs/src/test/java/org/openekm/docs/samples/")) {
        Matcher region = REGION.matcher(SourceTree.text(source));
        while (region.find()) {
          assertThat(regions.put(region.group(1), withoutIndent(region.group(2))))
              .as("a second region named %s", region.group(1))
              .isNull();
        }
      }
    }
    assertThat(regions).isNotEmpty();
    return regions;
  }

  /** The line break at the end would count as a line without indent. */
  private static String withoutIndent(String region) {
    return region.stripTrailing().stripIndent() + "\n";
  }
}
