// SPDX-License-Identifier: Apache-2.0
package org.openekm.docs.pages;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.openekm.docs.structure.SourceTree;

/** docs/benchmarks.md has a result for each benchmark that there is, and for no other. */
final class BenchmarksPageTest {
  private static final Pattern METHOD =
      Pattern.compile("@Benchmark\\s+(?:@Threads\\(\\d+\\)\\s+)?public \\S+ (\\w+)\\(");

  @Test
  void results_coverEveryBenchmark() {
    Set<String> benchmarks = new TreeSet<>();
    for (Path source : SourceTree.files("Benchmark.java")) {
      String type = source.getFileName().toString().replace(".java", "");
      METHOD
          .matcher(SourceTree.text(source))
          .results()
          .forEach(method -> benchmarks.add(type + "." + method.group(1)));
    }

    Set<String> documented =
        Page.read("docs/benchmarks.md").table("Benchmark", "Result").column("Benchmark").stream()
            .map(cell -> Page.codes(cell).get(0))
            .collect(Collectors.toCollection(TreeSet::new));

    assertThat(benchmarks).hasSizeGreaterThanOrEqualTo(10);
    assertThat(documented).isEqualTo(benchmarks);
  }
}
