// SPDX-License-Identifier: Apache-2.0
package org.openekm.core;

import static org.assertj.core.api.Assertions.assertThat;
import static org.openekm.core.PlainEngine.ENCRYPT;

import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.openekm.core.endpoint.EkmRequest;
import org.openekm.core.endpoint.EkmResponse;

/** Headers, methods and bodies, for embedders whose HTTP server checks nothing. */
class HttpRulesTest {

  private final PlainEngine ekm = new PlainEngine();

  @AfterEach
  void close() {
    ekm.close();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "application/json",
        "application/json; charset=utf-8",
        "application/json;charset=UTF-8",
        "Application/JSON",
        " application/json ; x=y"
      })
  void contentType_json_isTakenWithAnyParameters(String type) {
    assertThat(encrypt().contentType(Optional.of(type)).status()).isEqualTo(200);
  }

  @Test
  void contentType_missing_isTakenForJson() {
    assertThat(encrypt().contentType(Optional.empty()).status()).isEqualTo(200);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "text/plain",
        "application/jsonp",
        "application/json5",
        "application/x-www-form-urlencoded",
        "multipart/form-data; boundary=application/json",
        "application/octet-stream",
        "",
        ";application/json"
      })
  void contentType_anythingElse_is415(String type) {
    EngineFixture.Answer answer = encrypt().contentType(Optional.of(type)).answer();

    assertThat(answer.error()).isEqualTo("415 Content-Type must be application/json.");
  }

  @Test
  void contentType_otherWithoutABody_saysNothing() {
    PlainEngine.Call random = ekm.post(ekm.keyPath("/generateRandomBytes"), "");

    assertThat(random.contentType(Optional.of("text/plain")).status()).isEqualTo(200);
  }

  @ParameterizedTest
  @ValueSource(strings = {"abcd", "a", "{\"x\":\"<script>\"}", "csid/3A-0/1"})
  void requestId_printable_isKeptVerbatimInAnswerAndAudit(String id) {
    EkmResponse response = encrypt().requestId(Optional.of(id)).handle();
    response.wipe();

    assertThat(response.headers()).containsEntry("opc-request-id", id);
    assertThat(ekm.sink.events("encrypt").get(0).requestId().orElseThrow().value()).isEqualTo(id);
  }

  @Test
  void requestId_of256Characters_isKeptAndOneMoreIsReplaced() {
    String most = "x".repeat(256);

    assertThat(idOf(Optional.of(most))).isEqualTo(most);
    assertThat(idOf(Optional.of(most + "x"))).matches("[0-9a-f]{32}");
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "a\r\nSet-Cookie: x", "a\u0000", "\u00e9", "a\u007f", "\u001b[31m"})
  void requestId_thatCouldForgeAHeaderOrALine_isReplaced(String id) {
    assertThat(idOf(Optional.of(id))).matches("[0-9a-f]{32}");
  }

  @Test
  void requestId_missing_isMadeAnewForEachCall() {
    assertThat(idOf(Optional.empty())).matches("[0-9a-f]{32}").isNotEqualTo(idOf(Optional.empty()));
  }

  @Test
  void refusal_ofAnyKind_hasTheCommonHeadersAndNothingMoreThanItNeeds() {
    Map<String, String> unauthorized =
        headers(ekm.get(ekm.keyPath("/metadata")).authorization(Optional.empty()));
    Map<String, String> noMethod = headers(ekm.call("PUT", ekm.keyPath("/encrypt")));
    Map<String, String> noRoute = headers(ekm.get("/"));

    assertThat(unauthorized)
        .containsEntry("WWW-Authenticate", "Bearer")
        .containsEntry("Content-Type", "application/json")
        .containsEntry("Cache-Control", "no-store")
        .containsEntry("opc-request-id", "req-1");
    assertThat(noMethod).containsEntry("Allow", "POST").doesNotContainKey("WWW-Authenticate");
    assertThat(noRoute).containsOnlyKeys("Content-Type", "Cache-Control", "opc-request-id");
  }

  @Test
  void body_ofEveryCall_isWipedWhetherItSucceedsOrNot() {
    for (String path : new String[] {ekm.keyPath("/encrypt"), "/nothing", ekm.vaultPath("/x")}) {
      EkmRequest request = ekm.post(path, ENCRYPT).request();

      ekm.engine.endpoint().handle(request, PlainEngine.deadline()).wipe();

      assertThat(request.body().array()).containsOnly(0);
    }
  }

  @Test
  void toString_ofRequestAndResponse_showsNoContent() {
    EkmRequest request = encrypt().request();
    EkmResponse response = ekm.engine.endpoint().handle(request, PlainEngine.deadline());

    assertThat(encrypt().request().body().toString()).isEqualTo("Body[20]");
    assertThat(response.toString()).matches("EkmResponse\\[200, \\d+ bytes]");
    response.wipe();
    assertThat(response.body()).containsOnly(0);
  }

  @Test
  void toString_ofARequest_neverShowsTheToken() {
    EkmRequest request = encrypt().authorization(Optional.of("Bearer head.load.sign")).request();

    assertThat(request.toString())
        .contains("POST", "Body[20]")
        .doesNotContain("head.", ".load.", ".sign");
    assertThat(request.headers().toString()).doesNotContain("Bearer");
  }

  @Test
  void response_releasedTwice_countsOnce() {
    EkmResponse response = encrypt().handle();
    response.release();
    response.release();
    response.wipe();

    assertThat(ekm.engine.admin().keys().block(PlainEngine.ADMIN, ekm.keyId()).blocked()).isTrue();
  }

  private PlainEngine.Call encrypt() {
    return ekm.post(ekm.keyPath("/encrypt"), ENCRYPT);
  }

  private String idOf(Optional<String> sent) {
    return headers(encrypt().requestId(sent)).get("opc-request-id");
  }

  private static Map<String, String> headers(PlainEngine.Call call) {
    return call.answer().response().headers();
  }
}
