// SPDX-License-Identifier: Apache-2.0
package org.openekm.server.http;

import static org.assertj.core.api.Assertions.assertThat;

import io.undertow.server.HttpHandler;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.openekm.core.endpoint.EkmResponse;
import org.openekm.server.EkmServer;
import org.openekm.spi.CheckResult;

/** What the admin listener refuses before anything behind it is asked. */
class AdminGateTest {

  private static final HttpLimits.Work USUAL = HttpLimits.defaults().work();

  private final CountDownLatch gate = new CountDownLatch(1);
  private final AtomicInteger managed = new AtomicInteger();
  private final AtomicInteger checking = new AtomicInteger();
  private EkmServer server;

  @AfterEach
  void stop() {
    gate.countDown();
    server.stop(Duration.ZERO);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "evil.example",
        "evil.example:8444",
        "localhost.evil.example",
        "127.0.0.1.evil.example",
        "localhost.",
        "ekm"
      })
  void host_nameThatAWebPageCouldOwn_isMisdirectedOnEveryPath(String host) {
    start("127.0.0.1", USUAL, false);
    for (String path : List.of("/health/live", "/health/ready", "/metrics", "/admin/v1/vaults")) {
      String answer = ask("GET " + path + " HTTP/1.1\r\nHost: " + host + "\r\n\r\n");
      assertThat(RawHttp.status(answer)).as(path).isEqualTo(421);
      assertThat(answer)
          .contains("Connection: close", "application/problem+json", "\"status\":421");
    }
    assertThat(managed).hasValue(0);
  }

  @Test
  void host_missingInHttp10_isMisdirected() {
    start("127.0.0.1", USUAL, false);
    assertThat(untilClosed("GET /metrics HTTP/1.0\r\n\r\n")).startsWith("HTTP/1.0 421 ");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"localhost", "LOCALHOST:8444", "127.0.0.1", "127.0.0.1:8444", "[::1]:8444"})
  void host_addressOrLocalhost_isAnswered(String host) {
    start("127.0.0.1", USUAL, false);
    assertThat(RawHttp.status(ask("GET /health/live HTTP/1.1\r\nHost: " + host + "\r\n\r\n")))
        .isEqualTo(200);
  }

  @Test
  void host_nameOnAListenerForOtherMachines_isAnswered() {
    start("0.0.0.0", USUAL, false);
    assertThat(RawHttp.status(ask("GET /health/live HTTP/1.1\r\nHost: node7.example\r\n\r\n")))
        .isEqualTo(200);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "Content-Length: 3\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
        "Transfer-Encoding: chunked\r\nTransfer-Encoding: identity\r\n\r\n0\r\n\r\n",
        "Transfer-Encoding: xchunked\r\n\r\n0\r\n\r\n",
        "Authorization: Bearer a\r\nAuthorization: Bearer b\r\nContent-Length: 0\r\n\r\n"
      })
  void message_thatCanBeReadInTwoWays_isRefusedAndClosed(String rest) {
    start("127.0.0.1", USUAL, false);
    String answer = untilClosed("POST /admin/v1/vaults HTTP/1.1\r\nHost: localhost\r\n" + rest);
    assertThat(RawHttp.status(answer)).isEqualTo(400);
    assertThat(managed).hasValue(0);
  }

  @Test
  void chunkedBody_isReadAndItsConnectionClosed() {
    start("127.0.0.1", USUAL, false);
    String request = "POST /admin/v1/vaults HTTP/1.1\r\nHost: localhost\r\n";
    String answer =
        untilClosed(request + "Transfer-Encoding: chunked\r\n\r\n0\r\n\r\n" + request + "\r\n");
    assertThat(answer.split("HTTP/1.1 ", -1)).as(answer).hasSize(2);
    assertThat(managed).hasValue(1);
  }

  @Test
  void workers_allBusy_moreAreRefusedAndTheSignOfLifeStillComes() {
    start("127.0.0.1", new HttpLimits.Work(1, 1, Duration.ofSeconds(30), 0), false);
    try (RawHttp working = connect();
        RawHttp waiting = connect()) {
      working.send(get("/admin/v1/hang"));
      Awaitility.await().until(() -> managed.get() == 1);
      waiting.send(get("/admin/v1/hang"));
      Awaitility.await().until(() -> RawHttp.status(ask(get("/admin/v1/other"))) == 503);
      assertThat(RawHttp.status(ask(get("/health/live")))).isEqualTo(200);
      gate.countDown();
      assertThat(RawHttp.status(working.response())).isEqualTo(200);
    }
  }

  @Test
  void rate_exceeded_is429() {
    start("127.0.0.1", new HttpLimits.Work(4, 10, Duration.ofSeconds(30), 2), false);
    List<Integer> statuses = new ArrayList<>();
    for (int i = 0; i < 6; i++) {
      statuses.add(RawHttp.status(ask(get("/metrics"))));
    }
    assertThat(statuses).contains(429);
  }

  @Test
  void ready_checksThatHang_holdOneWorkerAndManagementStillWorks() {
    start("127.0.0.1", new HttpLimits.Work(2, 50, Duration.ofSeconds(30), 0), true);
    try (RawHttp first = connect();
        RawHttp second = connect()) {
      first.send(get("/health/ready"));
      Awaitility.await().until(() -> checking.get() == 1);
      String answer = second.send(get("/health/ready")).response();
      assertThat(RawHttp.status(answer)).isEqualTo(503);
      assertThat(answer).endsWith("{\"status\":\"not ready\",\"checks\":{}}");
      assertThat(RawHttp.status(ask(get("/admin/v1/vaults")))).isEqualTo(200);
      assertThat(checking).hasValue(1);
      gate.countDown();
      assertThat(RawHttp.status(first.response())).isEqualTo(200);
    }
  }

  private void start(String host, HttpLimits.Work work, boolean hangingChecks) {
    HttpLimits usual = HttpLimits.defaults();
    HttpHandler management =
        exchange -> {
          managed.incrementAndGet();
          if (exchange.getRequestPath().endsWith("/hang")) {
            await();
          }
          exchange.getResponseSender().send("managed");
        };
    server =
        EkmServer.builder()
            .endpoint(
                (request, deadline) ->
                    new EkmResponse(200, Map.of(), "{}".getBytes(StandardCharsets.UTF_8)))
            .listenOn(
                EndpointConfig.of(new ListenerConfig("127.0.0.1", 0, Optional.empty(), usual)))
            .administerOn(
                new ListenerConfig(
                    host,
                    0,
                    Optional.empty(),
                    new HttpLimits(usual.request(), usual.connections(), work)))
            .adminHandler(management)
            .checks(
                () -> {
                  checking.incrementAndGet();
                  if (hangingChecks) {
                    await();
                  }
                  return Map.of("store", CheckResult.ok("fine"));
                })
            .build();
    server.start();
  }

  private void await() {
    try {
      gate.await();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private static String get(String path) {
    return "GET " + path + " HTTP/1.1\r\nHost: localhost\r\n\r\n";
  }

  private RawHttp connect() {
    return RawHttp.to(server.adminPort().orElseThrow());
  }

  private String ask(String request) {
    try (RawHttp client = connect()) {
      return client.send(request).response();
    }
  }

  private String untilClosed(String request) {
    try (RawHttp client = connect()) {
      return client.send(request).untilClosed();
    }
  }
}
