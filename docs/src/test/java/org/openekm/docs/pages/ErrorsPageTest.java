// SPDX-License-Identifier: Apache-2.0
package org.openekm.docs.pages;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.openekm.api.EkmErrorCode;
import org.openekm.api.EkmException;
import org.openekm.core.wire.ErrorMapper;
import org.openekm.core.wire.WireProfile;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** docs/errors.md names every error code with the status and the text that OCI really gets. */
final class ErrorsPageTest {
  private static final Page PAGE = Page.read("docs/errors.md");
  private static final Page.Table CODES =
      PAGE.table("Code", "Status", "OCI sees", "Again", "What happened", "What you do");

  @Test
  void table_holdsEveryCodeOnce() {
    List<String> documented = CODES.column("Code").stream().map(Page::code).toList();

    assertThat(documented)
        .containsExactlyInAnyOrderElementsOf(
            Arrays.stream(EkmErrorCode.values()).map(Enum::name).toList());
  }

  @ParameterizedTest
  @EnumSource(EkmErrorCode.class)
  void row_hasTheRealStatusTextAndRetryability(EkmErrorCode code) {
    List<String> row = rowOf(code);

    assertThat(row.get(1)).isEqualTo(Integer.toString(code.httpStatus()));
    assertThat(Page.code(row.get(2)))
        .isEqualTo(ProfileData.generalTexts(ProfileData.read("oci-default")).get(code.name()));
    assertThat(row.get(3)).isEqualTo(code.retryable() ? "yes" : "no");
    assertThat(row.get(4)).isNotBlank();
    assertThat(row.get(5)).isNotBlank();
  }

  @ParameterizedTest
  @EnumSource(EkmErrorCode.class)
  void row_isWhatTheMapperSends(EkmErrorCode code) {
    String documented = Page.code(rowOf(code).get(2));

    JsonNode body =
        JsonMapper.builder()
            .build()
            .readTree(
                new ErrorMapper(WireProfile.builtIn("oci-default"))
                    .body(Optional.empty(), new EkmException(code, "internal detail")));

    assertThat(body.path("code").asString()).isEqualTo(Integer.toString(code.httpStatus()));
    assertThat(body.path("message").asString())
        .startsWith(documented.replaceAll("\\{.*", ""))
        .doesNotContain("internal detail");
  }

  @ParameterizedTest
  @ValueSource(strings = {"oci-default", "oci-strict"})
  void textsByOperation_areThoseOfTheProfile(String profile) {
    Map<String, String> documented = new TreeMap<>();
    for (List<String> row : PAGE.table("Operation", "Code", "OCI sees").rows()) {
      documented.put(Page.code(row.get(0)) + " " + Page.code(row.get(1)), Page.code(row.get(2)));
    }

    assertThat(documented).isEqualTo(ProfileData.specialTexts(ProfileData.read(profile)));
  }

  @Test
  void bothProfiles_sayTheSame() {
    assertThat(ProfileData.generalTexts(ProfileData.read("oci-strict")))
        .isEqualTo(ProfileData.generalTexts(ProfileData.read("oci-default")));
  }

  @Test
  void answersOfTheHttpServer_areAll() throws ReflectiveOperationException {
    Class<?> refusal = Class.forName("org.openekm.server.http.Refusal");
    var json = refusal.getDeclaredMethod("json");
    json.setAccessible(true);
    List<String> given = new ArrayList<>();
    for (Object constant : refusal.getEnumConstants()) {
      JsonNode body = JsonMapper.builder().build().readTree((String) json.invoke(constant));
      given.add(body.path("code").asString() + " " + body.path("message").asString());
    }

    assertThat(
            PAGE.table("Status", "Caller sees", "When", "What you do").rows().stream()
                .map(row -> row.get(0) + " " + Page.code(row.get(1))))
        .containsExactlyInAnyOrderElementsOf(given);
  }

  private static List<String> rowOf(EkmErrorCode code) {
    return CODES.rows().stream()
        .filter(row -> Page.code(row.get(0)).equals(code.name()))
        .findFirst()
        .orElseThrow(() -> new AssertionError("no row for " + code));
  }
}
