// SPDX-License-Identifier: Apache-2.0
package org.openekm.server.http;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Bodies that are too large, too slow, encoded or never come. */
class BodyLimitsTest {

  private static final String START = "POST " + TestServer.PATH + " HTTP/1.1\r\nHost: ekm\r\n";
  private static final int LIMIT = HttpLimits.defaults().request().bodyBytes();

  private final TestServer server =
      new TestServer(config -> TestServer.withDeadline(config, Duration.ofMillis(400)));

  @AfterEach
  void stop() {
    Awaitility.await("no call is left over").until(() -> server.server().runningRequests() == 0);
    server.close();
  }

  @Test
  void body_ofExactlyTheLimit_reachesTheEndpoint() {
    try (RawHttp client = server.connect()) {
      assertThat(client.send(TestServer.post("x".repeat(LIMIT))).response())
          .endsWith("{\"length\":" + LIMIT + "}");
    }
  }

  @Test
  void body_oneByteOverTheLimit_is413BeforeItIsRead() {
    try (RawHttp client = server.connect()) {
      String answer = client.send(START + "Content-Length: " + (LIMIT + 1) + "\r\n\r\n").response();
      assertJson(answer, 413);
      assertThat(answer).contains("Connection: close");
    }
    assertThat(server.seen).isEmpty();
  }

  @Test
  void body_of300Megabytes_is413AndTheServerLives() {
    long size = 300L * 1024 * 1024;
    try (RawHttp client = server.connect()) {
      client.send(START + "Content-Length: " + size + "\r\n\r\n");
      long taken = client.flood(new byte[64 * 1024], size);
      assertThat(taken).as("the server stops reading long before the end").isLessThan(size);
    }
    assertThat(server.seen).isEmpty();
    assertThat(server.answers()).isTrue();
  }

  @Test
  void chunkedBody_overTheLimit_is413() {
    String chunk = "8000\r\n" + "x".repeat(0x8000) + "\r\n";
    try (RawHttp client = server.connect()) {
      client.send(START + "Transfer-Encoding: chunked\r\n\r\n" + chunk.repeat(9));
      assertJson(client.response(), 413);
    }
    assertThat(server.seen).isEmpty();
  }

  @Test
  void chunkedBody_withoutEnd_isCutOff() {
    byte[] chunk =
        ("8000\r\n" + "x".repeat(0x8000) + "\r\n")
            .getBytes(java.nio.charset.StandardCharsets.ISO_8859_1);
    try (RawHttp client = server.connect()) {
      client.send(START + "Transfer-Encoding: chunked\r\n\r\n");
      assertThat(client.flood(chunk, 300L * 1024 * 1024)).isLessThan(300L * 1024 * 1024);
    }
    assertThat(server.answers()).isTrue();
  }

  @Test
  void chunkExtension_withoutEnd_isCutOff() {
    try (RawHttp client = server.connect()) {
      client.send(START + "Transfer-Encoding: chunked\r\n\r\n2;a=");
      assertThat(client.flood(new byte[64 * 1024], 300L * 1024 * 1024))
          .isLessThan(300L * 1024 * 1024);
    }
    assertThat(server.answers()).isTrue();
  }

  @Test
  void body_thatStops_is408AtTheDeadlineWithoutAWorker() {
    try (RawHttp client = server.connect()) {
      client.send(START + "Content-Length: 10\r\n\r\n{");
      assertJson(client.response(), 408);
    }
    assertThat(server.seen).isEmpty();
  }

  @Test
  void body_byteByByte_is408AtTheDeadline() {
    try (RawHttp client = server.connect()) {
      client.send(START + "Content-Length: 100000\r\n\r\n");
      long end = System.nanoTime() + Duration.ofMillis(800).toNanos();
      Awaitility.await()
          .pollInterval(Duration.ofMillis(20))
          .until(
              () -> {
                client.flood(new byte[1], 1);
                return System.nanoTime() > end;
              });
      assertJson(client.response(), 408);
    }
    assertThat(server.seen).isEmpty();
  }

  @Test
  void body_slowButInTime_reachesTheEndpoint() {
    try (RawHttp client = server.connect()) {
      client.send(START + "Content-Length: 2\r\n\r\n{");
      Awaitility.await()
          .pollDelay(Duration.ofMillis(50))
          .until(() -> server.server().runningRequests() == 1);
      assertThat(client.send("}").response()).endsWith("{\"length\":2}");
    }
  }

  @Test
  void body_callerLeavesInTheMiddle_reachesNobody() {
    try (RawHttp client = server.connect()) {
      client.send(START + "Content-Length: 10\r\n\r\n{");
    }
    Awaitility.await().until(() -> server.server().runningRequests() == 0);
    assertThat(server.seen).isEmpty();
    assertThat(server.answers()).isTrue();
  }

  @Test
  void body_gzipped_is415() {
    try (RawHttp client = server.connect()) {
      client.send(
          START + "Content-Encoding: gzip\r\nContent-Length: 4\r\n\r\n\u001f\u008b\b\u0000");
      assertJson(client.response(), 415);
    }
    assertThat(server.seen).isEmpty();
  }

  @Test
  void expectContinue_withinLimits_isInvited() {
    try (RawHttp client = server.connect()) {
      client.send(START + "Expect: 100-continue\r\nContent-Length: 2\r\n\r\n");
      assertThat(client.response()).startsWith("HTTP/1.1 100 ");
      assertThat(client.send("{}").response()).endsWith("{\"length\":2}");
      assertThat(client.send(TestServer.post("1")).response()).endsWith("{\"length\":1}");
    }
  }

  @Test
  void expectContinue_bodyTooLarge_isNotInvited() {
    try (RawHttp client = server.connect()) {
      client.send(START + "Expect: 100-continue\r\nContent-Length: 9999999\r\n\r\n");
      assertJson(client.response(), 413);
    }
  }

  @Test
  void expectContinue_invitedButNothingComes_is408() {
    try (RawHttp client = server.connect()) {
      client.send(START + "Expect: 100-continue\r\nContent-Length: 2\r\n\r\n");
      assertThat(client.response()).startsWith("HTTP/1.1 100 ");
      assertJson(client.response(), 408);
    }
  }

  @Test
  void expectation_unknown_is417() {
    try (RawHttp client = server.connect()) {
      client.send(START + "Expect: miracle\r\nContent-Length: 2\r\n\r\n");
      assertJson(client.response(), 417);
    }
  }

  private static void assertJson(String answer, int status) {
    assertThat(RawHttp.status(answer)).as(answer).isEqualTo(status);
    assertThat(answer)
        .contains("Content-Type: application/json", "Cache-Control: no-store", "opc-request-id: ")
        .containsPattern("\\{\"code\":\"" + status + "\",\"message\":\"[^\"]+\"}$");
  }
}
