// SPDX-License-Identifier: Apache-2.0
package org.openekm.server.admin;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.URLEncoder;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Lists of the management API in pages, and what can be chosen from them. */
class PagesTest {

  private final AdminFixture fixture = new AdminFixture();

  @BeforeEach
  void make() throws Exception {
    fixture.withVault();
    for (String name : List.of("b", "a", "d", "c", "e")) {
      fixture.created("/vaults/payments/keys", "{\"name\":\"" + name + "\"}");
    }
  }

  @AfterEach
  void stop() {
    fixture.close();
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 3, 4, 5, 500})
  void pages_ofAnySize_showEachOnceInOrder(int limit) throws Exception {
    List<String> seen = new ArrayList<>();
    String path = "/vaults/payments/keys?limit=" + limit;
    JsonNode page = page(path);
    while (true) {
      assertThat(page.path("items").size()).isBetween(1, limit);
      seen.addAll(names(page));
      if (!page.has("nextCursor")) {
        break;
      }
      page = page(path + "&cursor=" + page.path("nextCursor").asString());
    }
    assertThat(seen).containsExactly("a", "b", "c", "d", "e");
  }

  @Test
  void page_afterOneThatIsGoneAndWithOneThatIsNew_losesAndRepeatsNothing() throws Exception {
    JsonNode first = page("/vaults/payments/keys?limit=2");
    // The last that was shown goes, one before it and one after it come.
    fixture.admin("POST", "/vaults/payments/keys/b/block", "{}", Map.of());
    fixture.admin("POST", "/vaults/payments/keys/b/destroy", "{}", Map.of());
    fixture.created("/vaults/payments/keys", "{\"name\":\"aa\"}");
    fixture.created("/vaults/payments/keys", "{\"name\":\"bb\"}");

    JsonNode second =
        page("/vaults/payments/keys?limit=9&cursor=" + first.path("nextCursor").asString());

    assertThat(names(first)).containsExactly("a", "b");
    assertThat(names(second)).containsExactly("bb", "c", "d", "e");
  }

  @Test
  void destroyedAndNewKeyOfOneName_areBothShownOnce() throws Exception {
    fixture.admin("POST", "/vaults/payments/keys/b/block", "{}", Map.of());
    fixture.admin("POST", "/vaults/payments/keys/b/destroy", "{}", Map.of());
    fixture.created("/vaults/payments/keys", "{\"name\":\"b\"}");
    JsonNode first = page("/vaults/payments/keys?limit=2");
    JsonNode second =
        page("/vaults/payments/keys?limit=2&cursor=" + first.path("nextCursor").asString());
    assertThat(names(first)).containsExactly("a", "b");
    assertThat(names(second)).containsExactly("b", "c");
    assertThat(second.path("items").get(0)).isNotEqualTo(first.path("items").get(1));
  }

  @ParameterizedTest
  @CsvSource({
    "namePrefix=c, c",
    "namePrefix=z, ''",
    "blocked=true, 'd'",
    "blocked=false&state=ACTIVE, 'a b c'",
    "state=DISABLED, 'e'",
    "state=DISABLED&namePrefix=a, ''"
  })
  void filters_together_chooseWhatFitsAll(String query, String expected) throws Exception {
    fixture.admin("POST", "/vaults/payments/keys/d/block", "{}", Map.of());
    fixture.admin("POST", "/vaults/payments/keys/e/disable", "{}", Map.of());
    assertThat(String.join(" ", names(page("/vaults/payments/keys?" + query)))).isEqualTo(expected);
  }

  @Test
  void versions_newestFirst_areCutToo() throws Exception {
    for (int i = 0; i < 11; i++) {
      fixture.admin("POST", "/vaults/payments/keys/a/rotate", "{}", Map.of());
    }
    JsonNode first = page("/vaults/payments/keys/a/versions?limit=3");
    JsonNode second =
        page(
            "/vaults/payments/keys/a/versions?limit=100&cursor="
                + first.path("nextCursor").asString());
    assertThat(first.path("items").valueStream().map(each -> each.path("number").asInt()))
        .containsExactly(12, 11, 10);
    assertThat(second.path("items").valueStream().map(each -> each.path("number").asInt()))
        .containsExactly(9, 8, 7, 6, 5, 4, 3, 2, 1);
  }

  @Test
  void vaultsIssuersTenancies_haveTheirFilters() throws Exception {
    fixture.created("/vaults", AdminFixture.vault("archive"));
    fixture.admin("POST", "/vaults/archive/block", "{}", Map.of());
    assertThat(names(page("/vaults?blocked=true"))).containsExactly("archive");
    assertThat(names(page("/vaults?namePrefix=pay"))).containsExactly("payments");
    assertThat(names(page("/issuers?namePrefix=dom&limit=1"))).containsExactly("domain");
    assertThat(names(page("/tenancies?namePrefix=x"))).isEmpty();
  }

  @ParameterizedTest
  @CsvSource({
    "/vaults/payments/keys?limit=0, limit",
    "/vaults/payments/keys?limit=501, limit",
    "/vaults/payments/keys?limit=many, limit",
    "/vaults/payments/keys?limit=1&limit=2, limit",
    "/vaults/payments/keys?cursor=none, cursor",
    "/vaults/payments/keys?state=active, state",
    "/vaults/payments/keys?blocked=yes, blocked",
    "/vaults/payments/keys?nameprefix=a, nameprefix",
    "/vaults?state=ACTIVE, state",
    "/status?verbose=true, verbose"
  })
  void parameter_wrong_is400AndNamesIt(String path, String field) throws Exception {
    HttpResponse<String> answer = fixture.get(path);
    assertThat(answer.statusCode()).as(answer.body()).isEqualTo(400);
    assertThat(answer.body()).contains("\"field\":\"" + field + "\"");
  }

  @Test
  void parameters_severalWrong_areAllNamed() throws Exception {
    assertThat(fixture.get("/vaults/payments/keys?limit=0&state=x&blocked=x&nmae=a").body())
        .contains("\"limit\"", "\"state\"", "\"blocked\"", "\"nmae\"");
  }

  @Test
  void parameter_onAChange_is400AndNothingIsDone() throws Exception {
    HttpResponse<String> answer =
        fixture.admin("POST", "/vaults/payments/block?dryRun=true", "{}", Map.of());
    assertThat(answer.statusCode()).isEqualTo(400);
    assertThat(fixture.get("/vaults/payments").body()).contains("\"blocked\":false");
  }

  @ParameterizedTest
  @ValueSource(strings = {"MQ", "MQphCmIKYw", "Mgphcwpi", "%00", "..", "MQ=="})
  void cursor_madeUp_is400WithoutInternals(String cursor) throws Exception {
    HttpResponse<String> answer =
        fixture.get("/vaults?cursor=" + URLEncoder.encode(cursor, StandardCharsets.UTF_8));
    assertThat(answer.statusCode()).isEqualTo(400);
    assertThat(answer.body()).doesNotContain("Exception", "java.");
  }

  private JsonNode page(String path) throws Exception {
    HttpResponse<String> answer = fixture.get(path);
    assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
    return JsonMapper.shared().readTree(answer.body());
  }

  private static List<String> names(JsonNode page) {
    return page.path("items").valueStream().map(each -> each.path("name").asString()).toList();
  }
}
