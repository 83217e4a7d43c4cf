// SPDX-License-Identifier: Apache-2.0
package org.openekm.server.http;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.openekm.core.endpoint.EkmResponse;

/** Callers that hold connections without using them well. */
class ConnectionLimitsTest {

  private static final Duration SHORT = Duration.ofMillis(300);
  private static final Duration LONG = Duration.ofMinutes(1);

  @Test
  void slowHeaders_manyConnections_areAllClosed() {
    try (TestServer server = withTimes(SHORT, LONG)) {
      List<RawHttp> clients = open(server, 100);
      clients.forEach(client -> client.send("POST /ekm/v1 HTTP/1.1\r\nHost: e"));
      assertThat(clients).allSatisfy(client -> assertThat(client.untilClosed()).isEmpty());
      assertThat(server.answers()).isTrue();
    }
  }

  @Test
  void slowHeaders_byteByByte_areClosedAllTheSame() {
    try (TestServer server = withTimes(SHORT, LONG);
        RawHttp client = server.connect()) {
      client.send("POST /ekm/v1 HTTP/1.1\r\nX-Slow: ");
      Awaitility.await()
          .atMost(Duration.ofSeconds(5))
          .pollInterval(Duration.ofMillis(30))
          .until(() -> client.flood(new byte[] {'x'}, 1) == 0);
      assertThat(client.untilClosed()).isEmpty();
    }
  }

  @Test
  void connection_withoutAnyRequest_isClosed() {
    try (TestServer server = withTimes(LONG, SHORT);
        RawHttp client = server.connect()) {
      assertThat(client.untilClosed()).isEmpty();
    }
  }

  @Test
  void connection_idleAfterAnAnswer_isClosed() {
    try (TestServer server = withTimes(LONG, SHORT);
        RawHttp client = server.connect()) {
      assertThat(RawHttp.status(client.send(TestServer.post("{}")).response())).isEqualTo(200);
      assertThat(client.untilClosed()).isEmpty();
    }
  }

  @Test
  void slowRead_answerThatIsNeverTaken_isCutOffAndWiped() {
    byte[] large = new byte[16 << 20];
    Arrays.fill(large, (byte) 'x');
    HttpLimits.Connections limits = new HttpLimits.Connections(100, 100, LONG, LONG);
    try (TestServer server =
            new TestServer(
                config -> TestServer.withConnections(config, limits),
                (request, deadline) -> new EkmResponse(200, Map.of(), large));
        RawHttp client = server.connect()) {
      client.send(TestServer.post("{}"));
      Awaitility.await().until(() -> server.server().runningRequests() == 1);
      Awaitility.await("closed although nobody reads")
          .atMost(Duration.ofSeconds(30))
          .until(
              () ->
                  server.server().openConnections() == 0 && server.server().runningRequests() == 0);
      assertThat(large[large.length - 1]).isZero();
      assertThat(client.untilClosed().length()).isLessThan(large.length);
    }
  }

  @Test
  void connections_overTheLimitOfOneAddress_areClosedAtOnceUntilOthersLeave() {
    HttpLimits.Connections limits = new HttpLimits.Connections(100, 3, LONG, LONG);
    try (TestServer server = new TestServer(config -> TestServer.withConnections(config, limits))) {
      List<RawHttp> clients = open(server, 3);
      clients.forEach(
          client ->
              assertThat(RawHttp.status(client.send(TestServer.post("{}")).response()))
                  .isEqualTo(200));
      try (RawHttp refused = server.connect()) {
        assertThat(refused.untilClosed()).isEmpty();
      }
      clients.get(0).close();
      Awaitility.await().until(server::answers);
    }
  }

  @Test
  void connections_overTheTotal_areClosedAtOnce() {
    HttpLimits.Connections limits = new HttpLimits.Connections(2, 100, LONG, LONG);
    try (TestServer server = new TestServer(config -> TestServer.withConnections(config, limits))) {
      List<RawHttp> clients = open(server, 2);
      clients.forEach(client -> client.send(TestServer.post("{}")).response());
      try (RawHttp refused = server.connect()) {
        assertThat(refused.untilClosed()).isEmpty();
      }
      assertThat(server.server().openConnections()).isEqualTo(2);
    }
  }

  @Test
  void headers_tooMany_areRefused() {
    assertRefused(
        "POST "
            + TestServer.PATH
            + " HTTP/1.1\r\nHost: ekm\r\n"
            + "X-Any: 1\r\n".repeat(80)
            + "\r\n");
  }

  @Test
  void headers_tooLong_areRefused() {
    assertRefused(
        "POST "
            + TestServer.PATH
            + " HTTP/1.1\r\nHost: ekm\r\nX-Any: "
            + "x".repeat(20_000)
            + "\r\n\r\n");
  }

  @Test
  void requestLine_tooLong_isRefused() {
    assertRefused("POST /" + "x".repeat(20_000) + " HTTP/1.1\r\nHost: ekm\r\n\r\n");
  }

  @Test
  void headers_withoutEnd_areCutOff() {
    try (TestServer server = new TestServer();
        RawHttp client = server.connect()) {
      client.send("POST " + TestServer.PATH + " HTTP/1.1\r\nHost: ekm\r\nX-Any: ");
      byte[] block = "x".repeat(64 * 1024).getBytes(java.nio.charset.StandardCharsets.ISO_8859_1);
      assertThat(client.flood(block, 300L * 1024 * 1024)).isLessThan(300L * 1024 * 1024);
      assertThat(server.answers()).isTrue();
    }
  }

  @Test
  void query_withTooManyParameters_isRefused() {
    assertRefused(
        "POST " + TestServer.PATH + "?" + "a=1&".repeat(100) + " HTTP/1.1\r\nHost: ekm\r\n\r\n");
  }

  private static void assertRefused(String message) {
    try (TestServer server = new TestServer();
        RawHttp client = server.connect()) {
      client.flood(message.getBytes(java.nio.charset.StandardCharsets.ISO_8859_1), 1);
      String answer = client.untilClosed();
      assertThat(RawHttp.status(answer)).as(answer).isIn(-1, 400);
      assertThat(server.seen).isEmpty();
      assertThat(server.answers()).isTrue();
    }
  }

  private static TestServer withTimes(Duration header, Duration idle) {
    HttpLimits.Connections limits = new HttpLimits.Connections(1000, 1000, header, idle);
    return new TestServer(config -> TestServer.withConnections(config, limits));
  }

  private static List<RawHttp> open(TestServer server, int count) {
    List<RawHttp> clients = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      clients.add(server.connect());
    }
    return clients;
  }
}
