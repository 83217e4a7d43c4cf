// SPDX-License-Identifier: Apache-2.0
package org.openekm.docs.pages;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.openekm.docs.structure.SourceTree;

/** Every threat in docs/threat-model.md names tests, and those tests are there. */
final class ThreatModelPageTest {
  private static final Page PAGE = Page.read("docs/threat-model.md");

  @Test
  void everyThreat_namesTestsThatExist() {
    Set<String> existing = testClasses();
    Set<String> missing = new TreeSet<>();
    int threats = 0;
    for (Page.Table table : PAGE.tables()) {
      if (table.columns().contains("Shown by")) {
        for (List<String> row : table.rows()) {
          threats++;
          List<String> named = Page.codes(row.get(2));
          assertThat(named).as("tests for \"%s\"", row.get(0)).isNotEmpty();
          named.stream().filter(name -> !existing.contains(name)).forEach(missing::add);
        }
      }
    }

    assertThat(threats).isGreaterThan(35);
    assertThat(missing).as("named test classes that don't exist").isEmpty();
  }

  private static Set<String> testClasses() {
    return SourceTree.files("Test.java", "Tck.java").stream()
        .filter(file -> SourceTree.nameOf(file).contains("/java/"))
        .map(file -> file.getFileName().toString().replace(".java", ""))
        .collect(Collectors.toSet());
  }
}
