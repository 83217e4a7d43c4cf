// SPDX-License-Identifier: Apache-2.0
package org.openekm.docs.pages;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.openekm.docs.structure.SourceTree;
import org.openekm.testkit.conformance.Check;
import org.openekm.testkit.conformance.ConformanceSuite;
import org.openekm.testkit.conformance.TargetFile;
import org.openekm.testkit.load.Mix;
import org.openekm.testkit.mutant.Mutation;

/** docs/conformance.md and docs/load.md hold what the kit holds. */
final class KitPagesTest {

  private final Page conformance = Page.read("docs/conformance.md");

  @Test
  void groups_areAllThere() {
    Set<String> groups =
        ConformanceSuite.all().stream()
            .map(Check::group)
            .collect(Collectors.toCollection(TreeSet::new));

    assertThat(codes(conformance.table("Group", "What it is about").column("Group")))
        .containsExactlyInAnyOrderElementsOf(groups);
  }

  @Test
  void targetNames_areAllThere() {
    Set<String> documented =
        codes(conformance.table("Name", "What it is").column("Name")).stream()
            .filter(name -> !name.equals("hook.block-key"))
            .collect(Collectors.toCollection(TreeSet::new));

    assertThat(documented).isEqualTo(new TreeSet<>(TargetFile.names()));
  }

  @Test
  void mutants_numberIsTheirs() {
    assertThat(conformance.text()).contains("| mutants | " + Mutation.values().length + " |");
  }

  @Test
  void mixes_areAllThereWithTheirStories() {
    Page.Table table = Page.read("docs/load.md").table("Mix", "Looks like");

    assertThat(codes(table.column("Mix"))).containsExactlyInAnyOrderElementsOf(Mix.all().keySet());
    assertThat(table.column("Looks like"))
        .containsExactlyInAnyOrderElementsOf(Mix.all().values().stream().map(Mix::story).toList());
  }

  @Test
  void profile_theKitsCopyIsThatOfTheServer() {
    List<String> copies =
        SourceTree.files("oci-default.json").stream()
            .map(SourceTree::text)
            .map(text -> text.toLowerCase(Locale.ROOT))
            .distinct()
            .toList();

    assertThat(SourceTree.files("oci-default.json")).hasSize(2);
    assertThat(copies).hasSize(1);
  }

  private static List<String> codes(List<String> cells) {
    return cells.stream().map(cell -> Page.codes(cell).get(0)).toList();
  }
}
