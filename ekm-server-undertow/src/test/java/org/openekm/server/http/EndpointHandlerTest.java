// SPDX-License-Identifier: Apache-2.0
package org.openekm.server.http;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.openekm.core.endpoint.EkmEndpoint;
import org.openekm.core.endpoint.EkmResponse;

/** What reaches the endpoint, and what comes back. */
class EndpointHandlerTest {

  private final TestServer server = new TestServer();

  @AfterEach
  void stop() {
    server.close();
  }

  @ParameterizedTest
  @ValueSource(strings = {"/ekm/v1", "/api/v1/cckm/oci/ekm/v1", "//ekm//v1", "/ekm/v1/"})
  void request_underAMount_reachesTheEndpointWithThePathBelow(String mount) {
    try (RawHttp client = server.connect()) {
      client.send("GET " + mount + "/vaults/v1/metadata?a=b%20c HTTP/1.1\r\nHost: ekm\r\n\r\n");
      assertThat(RawHttp.status(client.response())).isEqualTo(200);
    }
    assertThat(server.seen).hasSize(1);
    assertThat(server.seen.get(0).path()).isEqualTo("/vaults/v1/metadata");
    assertThat(server.seen.get(0).query()).isEqualTo("a=b%20c");
    assertThat(server.seen.get(0).method()).isEqualTo("GET");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "/",
        "/ekm/v1",
        "/ekm/v10/vaults/v1/metadata",
        "/ekm/../ekm/v1/vaults/v1/metadata",
        "/EKM/v1/vaults/v1/metadata",
        "/ekm%2Fv1/vaults/v1/metadata",
        "/health/ready",
        "/metrics",
        "/admin"
      })
  void request_underNoMount_is404AndReachesNobody(String path) {
    try (RawHttp client = server.connect()) {
      client.send("GET " + path + " HTTP/1.1\r\nHost: ekm\r\n\r\n");
      String answer = client.response();
      assertThat(RawHttp.status(answer)).as(answer).isEqualTo(404);
      assertThat(answer).endsWith("{\"code\":\"404\",\"message\":\"Not Found.\"}");
    }
    assertThat(server.seen).isEmpty();
  }

  @Test
  void path_isPassedOnRaw_soThatNothingIsDecodedTwice() {
    try (RawHttp client = server.connect()) {
      client.send("GET /ekm/v1/vaults/a%2F..%2fb;c=d/metadata HTTP/1.1\r\nHost: ekm\r\n\r\n");
      assertThat(RawHttp.status(client.response())).isEqualTo(200);
    }
    assertThat(server.seen.get(0).path()).isEqualTo("/vaults/a%2F..%2fb;c=d/metadata");
  }

  @Test
  void requestId_valid_isEchoedVerbatim() {
    String answer = withRequestId("OCI-1234/abcd:~!");
    assertThat(answer).contains("opc-request-id: OCI-1234/abcd:~!\r\n");
    assertThat(server.seen.get(0).requestId()).contains("OCI-1234/abcd:~!");
  }

  @ParameterizedTest
  @ValueSource(strings = {"two words", "umlaut-\u00e4", ""})
  void requestId_invalid_isReplaced(String id) {
    assertThat(withRequestId(id)).containsPattern("opc-request-id: [0-9a-f]{32}\r\n");
  }

  @Test
  void requestId_tooLong_isReplaced() {
    assertThat(withRequestId("x".repeat(257))).containsPattern("opc-request-id: [0-9a-f]{32}\r\n");
  }

  @Test
  void answer_carriesTheHeadersEveryAnswerNeedsAndNoOthersOfTheServer() {
    try (RawHttp client = server.connect()) {
      String answer = client.send(TestServer.post("{}")).response();
      assertThat(answer)
          .contains("Content-Type: application/json\r\n", "Cache-Control: no-store\r\n")
          .doesNotContainIgnoringCase("server:")
          .doesNotContainIgnoringCase("x-powered-by");
    }
  }

  @Test
  void answer_headersOfTheEndpoint_arePassedOn() {
    EkmEndpoint endpoint =
        (request, deadline) ->
            new EkmResponse(
                401,
                Map.of("WWW-Authenticate", "Bearer", "Content-Type", "application/problem+json"),
                "{}".getBytes(StandardCharsets.UTF_8));
    try (TestServer other = new TestServer(config -> config, endpoint);
        RawHttp client = other.connect()) {
      String answer = client.send(TestServer.post("{}")).response();
      assertThat(RawHttp.status(answer)).isEqualTo(401);
      assertThat(answer)
          .contains("WWW-Authenticate: Bearer\r\n", "Content-Type: application/problem+json\r\n");
    }
  }

  @Test
  void answer_onceSent_isWiped() {
    byte[] body = "{\"plaintext\":\"c2VjcmV0\"}".getBytes(StandardCharsets.UTF_8);
    try (TestServer other =
            new TestServer(
                config -> config, (request, deadline) -> new EkmResponse(200, Map.of(), body));
        RawHttp client = other.connect()) {
      assertThat(client.send(TestServer.post("{}")).response()).endsWith("c2VjcmV0\"}");
      org.awaitility.Awaitility.await().until(() -> other.server().runningRequests() == 0);
    }
    assertThat(body).containsOnly(0);
  }

  @Test
  void keepAlive_manyRequests_shareOneConnection() {
    try (RawHttp client = server.connect()) {
      for (int i = 0; i < 50; i++) {
        assertThat(RawHttp.status(client.send(TestServer.post("{}")).response())).isEqualTo(200);
      }
      assertThat(server.server().openConnections()).isEqualTo(1);
    }
  }

  @Test
  void head_isAnsweredWithoutABody() {
    try (RawHttp client = server.connect()) {
      client.send("HEAD /nowhere HTTP/1.1\r\nHost: ekm\r\nConnection: close\r\n\r\n");
      String answer = client.untilClosed();
      assertThat(RawHttp.status(answer)).isEqualTo(404);
      assertThat(answer).endsWith("\r\n\r\n");
    }
  }

  @Test
  void authorization_isPassedOnAsSent() {
    try (RawHttp client = server.connect()) {
      client.send(
          "GET /ekm/v1/vaults/v HTTP/1.1\r\nHost: ekm\r\nAuthorization: Bearer a.b.c \r\n\r\n");
      client.response();
    }
    assertThat(server.seen)
        .extracting(TestServer.Seen::authorization)
        .isEqualTo(List.of(Optional.of("Bearer a.b.c")));
  }

  private String withRequestId(String id) {
    try (RawHttp client = server.connect()) {
      client.send(
          "GET /ekm/v1/vaults/v1/metadata HTTP/1.1\r\nHost: ekm\r\nopc-request-id: "
              + id
              + "\r\n\r\n");
      return client.response();
    }
  }
}
