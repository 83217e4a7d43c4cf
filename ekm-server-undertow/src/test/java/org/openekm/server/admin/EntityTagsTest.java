// SPDX-License-Identifier: Apache-2.0
package org.openekm.server.admin;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.http.HttpResponse;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.json.JsonMapper;

/** ETag and If-Match over a real socket. */
class EntityTagsTest {

  private static final String POLICY =
      JsonMapper.shared().writeValueAsString(Map.of("policy", AdminFixture.ALLOW));
  private static final String OLD = "\"AAAAAAAAAAAAAAAAAAAAAA\"";

  private final AdminFixture fixture = new AdminFixture();

  @BeforeEach
  void make() throws Exception {
    fixture.withVault().created("/vaults/payments/keys", "{\"name\":\"k\"}");
  }

  @AfterEach
  void stop() {
    fixture.close();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "PUT|/vaults/payments/policy|/vaults/payments",
        "POST|/vaults/payments/block|/vaults/payments",
        "DELETE|/vaults/payments|/vaults/payments",
        "POST|/vaults/payments/keys|/vaults/payments/keys",
        "POST|/vaults/payments/keys/k/rotate|/vaults/payments/keys/k/versions",
        "POST|/vaults/payments/keys/k/destroy|/vaults/payments/keys/k",
        "PUT|/vaults/payments/keys/k/policy|/vaults/payments/keys/k",
        "DELETE|/vaults/payments/keys/k/policy|/vaults/payments/keys/k",
        "DELETE|/issuers/domain|/issuers/domain",
        "DELETE|/tenancies/acme|/tenancies/acme"
      })
  void change_ofWhatHasChangedMeanwhile_is412AndChangesNothing(
      String method, String path, String shown) throws Exception {
    String before = fixture.get(shown).body();
    String revision = revision();
    String body =
        path.endsWith("/policy") ? POLICY : path.endsWith("/keys") ? "{\"name\":\"n\"}" : "{}";

    HttpResponse<String> answer = fixture.admin(method, path, body, Map.of("If-Match", OLD));

    assertThat(answer.statusCode()).as(answer.body()).isEqualTo(412);
    assertThat(answer.body())
        .contains("\"type\":\"urn:openekm:problem:stale\"", "look at it again");
    assertThat(fixture.get(shown).body()).isEqualTo(before);
    assertThat(revision()).isEqualTo(revision);
    assertThat(fixture.device.keyCount()).isEqualTo(1);
  }

  @Test
  void change_ofWhatWasSeen_isDoneAndTheSecondWithTheSameTagIsRefused() throws Exception {
    String tag = tag(fixture.get("/vaults/payments"));
    Map<String, String> seen = Map.of("If-Match", tag);

    HttpResponse<String> first = fixture.admin("PUT", "/vaults/payments/policy", POLICY, seen);
    HttpResponse<String> second = fixture.admin("POST", "/vaults/payments/block", "{}", seen);

    assertThat(first.statusCode()).as(first.body()).isEqualTo(200);
    assertThat(tag(first)).isNotEqualTo(tag).isEqualTo(tag(fixture.get("/vaults/payments")));
    assertThat(second.statusCode()).isEqualTo(412);
    assertThat(fixture.get("/vaults/payments").body()).contains("\"blocked\":false");
  }

  @ParameterizedTest
  @ValueSource(strings = {"/rotate", "/disable", "/block", "/schedule-deletion"})
  void answerOfAChange_hasTheTagThatTheNextLookHas(String action) throws Exception {
    String key = "/vaults/payments/keys/k";
    String before = tag(fixture.get(key));
    HttpResponse<String> changed =
        fixture.admin(
            "POST", key + action, action.contains("del") ? "{\"after\":\"7d\"}" : "{}", Map.of());
    assertThat(tag(changed)).isNotEqualTo(before).isEqualTo(tag(fixture.get(key)));
  }

  @Test
  void key_namedEitherWay_hasTheSameTag() throws Exception {
    HttpResponse<String> named = fixture.get("/vaults/payments/keys/k");
    String id = JsonMapper.shared().readTree(named.body()).path("externalKeyId").asString();
    assertThat(tag(fixture.get("/keys/" + id))).isEqualTo(tag(named));
  }

  @Test
  void tag_amongSeveral_orStar_isEnough() throws Exception {
    String tag = tag(fixture.get("/vaults/payments"));
    assertThat(blocked(OLD + ", " + tag)).isEqualTo(200);
    assertThat(blocked("*")).isEqualTo(200);
  }

  @Test
  void tag_weak_isNotEnough() throws Exception {
    assertThat(blocked("W/" + tag(fixture.get("/vaults/payments")))).isEqualTo(412);
  }

  @ParameterizedTest
  @ValueSource(strings = {"AAAA", "\"AAAA", "\"a\" \"b\"", "*, \"a\"", "\"a\","})
  void condition_thatCannotBeRead_is400AndChangesNothing(String condition) throws Exception {
    assertThat(blocked(condition)).isEqualTo(400);
    assertThat(fixture.get("/vaults/payments").body()).contains("\"blocked\":false");
  }

  @Test
  void condition_whereNothingHasATag_is400AndChangesNothing() throws Exception {
    HttpResponse<String> answer =
        fixture.admin("POST", "/vaults", AdminFixture.vault("other"), Map.of("If-Match", OLD));
    assertThat(answer.statusCode()).isEqualTo(400);
    assertThat(answer.body()).contains("\"field\":\"If-Match\"");
    assertThat(fixture.get("/vaults/other").statusCode()).isEqualTo(404);
  }

  @Test
  void list_hasNoTag() throws Exception {
    assertThat(fixture.get("/vaults").headers().firstValue("ETag")).isEmpty();
    assertThat(fixture.get("/vaults/payments/keys").headers().firstValue("ETag")).isEmpty();
  }

  private String revision() throws Exception {
    return JsonMapper.shared().readTree(fixture.get("/status").body()).path("revision").asString();
  }

  private int blocked(String condition) throws Exception {
    return fixture
        .admin("POST", "/vaults/payments/block", "{}", Map.of("If-Match", condition))
        .statusCode();
  }

  private static String tag(HttpResponse<String> answer) {
    return answer.headers().firstValue("ETag").orElseThrow();
  }
}
