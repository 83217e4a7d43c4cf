// SPDX-License-Identifier: Apache-2.0
package org.openekm.docs.pages;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import org.openekm.core.wire.WireProfile;
import tools.jackson.databind.JsonNode;

/** docs/wire-contract.md says what the data files of the wire profiles say, no more and no less. */
final class WireContractPageTest {
  private static final Page PAGE = Page.read("docs/wire-contract.md");
  private static final JsonNode LENIENT = ProfileData.read("oci-default");
  private static final JsonNode STRICT = ProfileData.read("oci-strict");

  @Test
  void paths_areThoseOfBothProfiles() {
    Page.Table table = PAGE.table("Operation", "Method", "Path", "oci-strict", "Level");
    Set<String> documented = new TreeSet<>();
    Set<String> documentedAsStrict = new TreeSet<>();
    for (List<String> row : table.rows()) {
      String route = String.join(" ", codes(row, 0, 3));
      assertThat(documented.add(route)).as("%s stands there once", route).isTrue();
      if (yes(row.get(3))) {
        documentedAsStrict.add(route);
      }
    }

    assertThat(documented).isEqualTo(routes(LENIENT));
    assertThat(documentedAsStrict).isEqualTo(routes(STRICT));
  }

  @Test
  void requestNames_areThoseOfTheProfile() {
    Map<String, List<String>> documented = new TreeMap<>();
    for (List<String> row : requestRows()) {
      documented.put(row.get(2) + " " + String.join(" ", codes(row, 0, 2)), Page.codes(row.get(3)));
    }

    assertThat(documented).isEqualTo(requestNames(LENIENT));
  }

  @Test
  void firstRequestNames_areTheOnlyOnesOfTheStrictProfile() {
    Map<String, List<String>> documented = new TreeMap<>();
    for (List<String> row : requestRows()) {
      if (row.get(2).equals("body") && !row.get(4).equals("refused")) {
        documented.put(
            "body " + String.join(" ", codes(row, 0, 2)), Page.codes(row.get(3)).subList(0, 1));
      }
    }

    assertThat(documented).isEqualTo(requestNames(STRICT));
  }

  @Test
  void answers_areThoseOfBothProfiles() {
    Page.Table table = PAGE.table("Operation", "Name", "Value", "oci-strict", "Level");
    List<String> documented = new ArrayList<>();
    List<String> documentedAsStrict = new ArrayList<>();
    for (List<String> row : table.rows()) {
      String answer = String.join(" ", codes(row, 0, 3));
      documented.add(answer);
      if (yes(row.get(3))) {
        documentedAsStrict.add(answer);
      }
    }

    assertThat(documented).containsExactlyElementsOf(answers(LENIENT));
    assertThat(documentedAsStrict).containsExactlyElementsOf(answers(STRICT));
  }

  @Test
  void errorTexts_areThoseOfTheProfile() {
    List<String> documented =
        PAGE.table("Text", "Codes", "Level").column("Text").stream().map(Page::code).toList();
    Set<String> texts = new TreeSet<>(ProfileData.generalTexts(LENIENT).values());
    texts.addAll(ProfileData.specialTexts(LENIENT).values());

    assertThat(documented).containsExactlyInAnyOrderElementsOf(texts);
  }

  @Test
  void codesOfErrorTexts_areThoseOfTheProfile() {
    Map<String, String> general = ProfileData.generalTexts(LENIENT);
    for (List<String> row : PAGE.table("Text", "Codes", "Level").rows()) {
      String text = Page.code(row.get(0));
      for (String code : Page.codes(row.get(1))) {
        Set<String> possible = new TreeSet<>(List.of(general.get(code)));
        ProfileData.specialTexts(LENIENT)
            .forEach(
                (where, special) -> {
                  if (where.endsWith(" " + code)) {
                    possible.add(special);
                  }
                });
        assertThat(possible).as("texts of %s", code).contains(text);
      }
    }
  }

  @Test
  void leniencies_areOnInTheDefaultProfileAndOffInTheStrictOne() {
    List<String> rules =
        PAGE.table("Point", "Rule of the profile").column("Rule of the profile").stream()
            .map(Page::code)
            .toList();

    assertThat(rules).isNotEmpty();
    for (String rule : rules) {
      assertThat(flag(LENIENT, rule)).as("%s in oci-default", rule).isTrue();
      assertThat(flag(STRICT, rule)).as("%s in oci-strict", rule).isFalse();
    }
  }

  @Test
  void modesAndStates_areThoseOfTheProfile() {
    String text = PAGE.text().replace('\n', ' ');
    assertThat(text)
        .contains("Modes taken by `oci-default`: " + words(LENIENT.path("modes").path("accepted")))
        .contains("answers: `" + LENIENT.path("modes").path("output").asString() + "`")
        .contains("States: " + words(LENIENT.path("states")));
  }

  @Test
  void everyRow_namesALevelOfEvidence() {
    Set<String> levels = new TreeSet<>(PAGE.table("Level", "Means").column("Level"));
    int rows = 0;
    for (Page.Table table : PAGE.tables()) {
      if (table.columns().contains("Level") && !table.columns().contains("Means")) {
        for (String cell : table.column("Level")) {
          rows++;
          assertThat(
                  levels.stream().anyMatch(cell::contains)
                      || cell.equals("ours")
                      || cell.contains("ours"))
              .as("level in \"%s\"", cell)
              .isTrue();
        }
      }
    }
    assertThat(rows).isGreaterThan(80);
  }

  @Test
  void numbersOfTheText_areThoseOfTheProfile() {
    var limits = WireProfile.builtIn("oci-default").limits();

    assertThat(PAGE.text().replace('\n', ' '))
        .contains("1 to " + limits.maxRandomBytes() + " bytes")
        .contains(LENIENT.path("randomBytes").path("defaultLength").asInt() + " unless given")
        .containsPattern("not nested deeper than\\s+" + limits.maxDepth());
  }

  private static List<List<String>> requestRows() {
    return PAGE.table("Operation", "Field", "In", "Names", "Needed", "Level").rows();
  }

  private static List<String> codes(List<String> row, int from, int to) {
    return row.subList(from, to).stream().map(Page::code).toList();
  }

  private static boolean yes(String cell) {
    assertThat(cell).isIn("yes", "no");
    return cell.equals("yes");
  }

  private static Set<String> routes(JsonNode profile) {
    Set<String> routes = new TreeSet<>();
    for (Map.Entry<String, JsonNode> operation : profile.path("operations").properties()) {
      for (JsonNode route : operation.getValue().path("routes")) {
        routes.add(
            operation.getKey()
                + " "
                + route.path("method").asString()
                + " "
                + route.path("path").asString());
      }
    }
    return routes;
  }

  private static Map<String, List<String>> requestNames(JsonNode profile) {
    Map<String, List<String>> names = new TreeMap<>();
    for (Map.Entry<String, JsonNode> operation : profile.path("operations").properties()) {
      collect(names, "body " + operation.getKey(), operation.getValue().path("request"));
      collect(names, "query " + operation.getKey(), operation.getValue().path("query"));
    }
    return names;
  }

  private static void collect(Map<String, List<String>> names, String where, JsonNode table) {
    for (Map.Entry<String, JsonNode> field : table.properties()) {
      List<String> synonyms = new ArrayList<>();
      field.getValue().forEach(name -> synonyms.add(name.asString()));
      names.put(where + " " + field.getKey(), synonyms);
    }
  }

  private static List<String> answers(JsonNode profile) {
    List<String> answers = new ArrayList<>();
    for (Map.Entry<String, JsonNode> operation : profile.path("operations").properties()) {
      collect(answers, operation.getKey(), "", operation.getValue().path("response"));
    }
    return answers;
  }

  private static void collect(
      List<String> answers, String operation, String prefix, JsonNode members) {
    for (Map.Entry<String, JsonNode> member : members.properties()) {
      String name = prefix + member.getKey();
      if (member.getValue().isObject()) {
        collect(answers, operation, name + ".", member.getValue());
      } else {
        answers.add(operation + " " + name + " " + member.getValue().asString());
      }
    }
  }

  private static boolean flag(JsonNode profile, String rule) {
    JsonNode found = profile.findValue(rule);
    assertThat(found).as("rule %s", rule).isNotNull();
    return found.asBoolean();
  }

  private static String words(JsonNode list) {
    List<String> words = new ArrayList<>();
    list.forEach(word -> words.add("`" + word.asString() + "`"));
    return String.join(" ", words);
  }
}
