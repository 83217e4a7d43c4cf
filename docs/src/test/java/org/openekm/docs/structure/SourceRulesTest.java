// SPDX-License-Identifier: Apache-2.0
package org.openekm.docs.structure;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** Rules about the files themselves: null marks, links, and nothing of an author's machine. */
final class SourceRulesTest {
  private static final Pattern MARKDOWN_LINK = Pattern.compile("\\]\\(([^)#\\s]+)[^)]*\\)");
  private static final Pattern CODE_BLOCK = Pattern.compile("(?ms)^```.*?^```|`[^`\\n]*`");

  /** Paths of one machine, and pointers to places that a reader cannot open. */
  private static final List<Pattern> NOT_FOR_READERS =
      List.of(
          Pattern.compile("(?<![\\w./$}-])/(root|work|Users|home/\\w+)/"),
          Pattern.compile("/tmp/(wt|ekm)/"),
          Pattern.compile("\\bshared/(spec|seeds|vectors)\\b"),
          Pattern.compile("(?i)\\bissues? #?\\d+\\b"),
          Pattern.compile("(?i)\\brepo1?\\.maven\\b|\\bdeb\\.debian\\.org\\b"));

  private static final String[] TEXTS = {
    ".java", ".md", ".xml", ".yaml", ".yml", ".json", ".sql", ".properties", ".txt"
  };

  @Test
  void everyMainPackage_isNullMarked() {
    Set<String> unmarked = new TreeSet<>();
    List<Path> sources =
        SourceTree.files(".java").stream()
            .filter(file -> SourceTree.nameOf(file).contains("/src/main/java/"))
            .filter(file -> !file.endsWith("module-info.java"))
            .toList();
    for (Path source : sources) {
      Path packageInfo = source.resolveSibling("package-info.java");
      if (!Files.exists(packageInfo) || !SourceTree.text(packageInfo).contains("@NullMarked")) {
        unmarked.add(SourceTree.nameOf(source.getParent()));
      }
    }

    assertThat(sources).isNotEmpty();
    assertThat(unmarked).as("packages without @NullMarked in package-info.java").isEmpty();
  }

  @Test
  void linksBetweenDocuments_leadToFiles() {
    List<String> broken = new ArrayList<>();
    int links = 0;
    for (Path document : SourceTree.files(".md")) {
      String prose = CODE_BLOCK.matcher(SourceTree.text(document)).replaceAll("");
      Matcher link = MARKDOWN_LINK.matcher(prose);
      while (link.find()) {
        String target = link.group(1);
        if (target.contains(":")) {
          continue;
        }
        links++;
        if (!Files.exists(document.resolveSibling(target))) {
          broken.add(SourceTree.nameOf(document) + " -> " + target);
        }
      }
    }

    assertThat(links).isPositive();
    assertThat(broken).isEmpty();
  }

  @Test
  void sourcesAndDocuments_speakOfTheProjectAlone() {
    List<String> found = new ArrayList<>();
    List<Path> files = new ArrayList<>(SourceTree.files(TEXTS));
    files.add(SourceTree.root().resolve("ekm"));
    files.add(SourceTree.root().resolve(".ci/run"));
    for (Path file : files) {
      if (file.endsWith("SourceRulesTest.java")) {
        continue;
      }
      String text = SourceTree.text(file);
      for (Pattern pattern : NOT_FOR_READERS) {
        Matcher hit = pattern.matcher(text);
        if (hit.find()) {
          found.add(SourceTree.nameOf(file) + ": " + hit.group());
        }
      }
    }

    assertThat(found).as("words and paths that mean nothing to a reader").isEmpty();
  }

  @Test
  void launcherAndCheckScript_areExecutable() {
    assertThat(SourceTree.root().resolve("ekm")).isExecutable();
    assertThat(SourceTree.root().resolve(".ci/run")).isExecutable();
  }
}
