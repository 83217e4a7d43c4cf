// SPDX-License-Identifier: Apache-2.0
package org.openekm.server.http;

import static org.assertj.core.api.Assertions.assertThat;

import io.undertow.server.HttpHandler;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.openekm.core.endpoint.EkmResponse;
import org.openekm.server.EkmServer;
import org.openekm.server.metrics.ServerMetrics;
import org.openekm.spi.CheckResult;

class AdminRoutesTest {

  private final Map<String, CheckResult> checks = new ConcurrentHashMap<>();
  private final CountDownLatch gate = new CountDownLatch(1);
  private final ServerMetrics metrics = new ServerMetrics();
  private EkmServer server;

  @BeforeEach
  void start() {
    HttpHandler management =
        exchange -> {
          if (exchange.getRequestPath().equals("/api/broken")) {
            throw new IllegalStateException("secret detail");
          }
          byte[] body = exchange.getInputStream().readAllBytes();
          exchange.getResponseSender().send("got " + body.length);
        };
    ListenerConfig free =
        new ListenerConfig("127.0.0.1", 0, Optional.empty(), HttpLimits.defaults());
    server =
        EkmServer.builder()
            .endpoint(
                (request, deadline) -> {
                  await(gate);
                  return new EkmResponse(200, Map.of(), "{}".getBytes(StandardCharsets.UTF_8));
                })
            .listenOn(TestServer.withDeadline(EndpointConfig.of(free), Duration.ofSeconds(20)))
            .administerOn(free)
            .adminHandler(management)
            .checks(() -> checks)
            .metrics(metrics)
            .listener(metrics.listener())
            .build();
    server.start();
  }

  @AfterEach
  void stop() {
    gate.countDown();
    server.stop(Duration.ZERO);
    metrics.close();
  }

  @Test
  void live_isAlwaysAnswered() {
    checks.put("store", CheckResult.failed("down"));
    assertThat(get("/health/live")).startsWith("HTTP/1.1 200 ").endsWith("{\"status\":\"live\"}");
  }

  @Test
  void ready_allChecksGood_is200() {
    checks.put("store", CheckResult.ok("fine"));
    checks.put("backend.hsm", CheckResult.ok("fine"));
    assertThat(get("/health/ready"))
        .startsWith("HTTP/1.1 200 ")
        .endsWith("{\"status\":\"ready\",\"checks\":{\"backend.hsm\":\"ok\",\"store\":\"ok\"}}");
  }

  @Test
  void ready_oneCheckBad_is503AndTellsNoDetails() {
    checks.put("store", CheckResult.ok("fine"));
    checks.put("audit", CheckResult.failed("disk /secret/place is full"));
    assertThat(get("/health/ready"))
        .startsWith("HTTP/1.1 503 ")
        .endsWith("{\"status\":\"not ready\",\"checks\":{\"audit\":\"failed\",\"store\":\"ok\"}}");
  }

  @Test
  void ready_whileDraining_is503() {
    try (RawHttp running = RawHttp.to(server.port())) {
      running.send(TestServer.post("{}"));
      Awaitility.await().until(() -> server.runningRequests() == 1);
      CompletableFuture<Void> stopping =
          CompletableFuture.runAsync(() -> server.stop(Duration.ofSeconds(20)));
      Awaitility.await()
          .untilAsserted(
              () -> assertThat(get("/health/ready")).contains("503", "\"status\":\"draining\""));
      gate.countDown();
      stopping.join();
    }
  }

  @Test
  void metrics_areInPrometheusForm() {
    try (RawHttp client = RawHttp.to(server.port())) {
      client.send("POST /nowhere HTTP/1.1\r\nHost: ekm\r\nContent-Length: 0\r\n\r\n").response();
    }
    String answer = get("/metrics");
    assertThat(answer)
        .startsWith("HTTP/1.1 200 ")
        .contains(
            "Content-Type: text/plain; version=0.0.4",
            "ekm_calls_seconds_count{code=\"ROUTE_NOT_FOUND\",operation=\"NONE\"} 1",
            "ekm_http_connections",
            "ekm_catalog_revision",
            "jvm_memory_used_bytes");
  }

  @Test
  void healthAndMetrics_otherMethods_are405() {
    String answer = ask("POST /metrics HTTP/1.1\r\nHost: localhost\r\nContent-Length: 0\r\n\r\n");
    assertThat(answer).startsWith("HTTP/1.1 405 ").contains("Allow: GET, HEAD");
  }

  @Test
  void everythingElse_goesToManagementInBlockingMode() {
    assertThat(ask("POST /api/v1/any HTTP/1.1\r\nHost: localhost\r\nContent-Length: 3\r\n\r\nabc"))
        .startsWith("HTTP/1.1 200 ")
        .endsWith("got 3");
  }

  @Test
  void management_throws_is500WithoutAnyDetail() {
    assertThat(get("/api/broken"))
        .startsWith("HTTP/1.1 500 ")
        .endsWith(
            "{\"type\":\"urn:openekm:problem:internal\",\"title\":\"Internal Server Error\",\"status\":500,\"detail\":\"Internal Server Error.\"}")
        .doesNotContain("secret");
  }

  @Test
  void management_isOutOfReachOnTheEndpointListener() {
    try (RawHttp client = RawHttp.to(server.port())) {
      client.send("GET /api/v1/any HTTP/1.1\r\nHost: ekm\r\n\r\n");
      assertThat(client.response()).startsWith("HTTP/1.1 404 ");
    }
  }

  private static void await(CountDownLatch latch) {
    try {
      latch.await();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private String get(String path) {
    return ask("GET " + path + " HTTP/1.1\r\nHost: localhost\r\n\r\n");
  }

  private String ask(String request) {
    try (RawHttp client = RawHttp.to(server.adminPort().orElseThrow())) {
      return client.send(request).response();
    }
  }
}
