// SPDX-License-Identifier: Apache-2.0
package org.openekm.server.http;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.openekm.api.EkmErrorCode;
import org.openekm.core.endpoint.EkmEndpoint;
import org.openekm.core.endpoint.EkmResponse;
import org.openekm.spi.event.CallCompleted;

/** More work than can be done, work that fails, and the end of work. */
class WorkLimitsTest {

  private final CountDownLatch gate = new CountDownLatch(1);
  private final AtomicInteger entered = new AtomicInteger();

  private final EkmEndpoint gated =
      (request, deadline) -> {
        entered.incrementAndGet();
        try {
          gate.await();
        } catch (InterruptedException e) {
          Thread.currentThread().interrupt();
        }
        return answer(200);
      };

  @Test
  void queue_full_is503AtOnce() {
    try (TestServer server = new TestServer(config -> withWork(config, 1, 1), gated);
        RawHttp working = server.connect();
        RawHttp waiting = server.connect();
        RawHttp refused = server.connect()) {
      working.send(TestServer.post("{}"));
      Awaitility.await().until(() -> entered.get() == 1);
      waiting.send(TestServer.post("{}"));
      Awaitility.await().until(() -> server.server().waitingRequests() == 1);
      String answer = refused.send(TestServer.post("{}")).response();
      assertThat(RawHttp.status(answer)).isEqualTo(503);
      assertThat(answer)
          .endsWith("{\"code\":\"503\",\"message\":\"Service Unavailable: too busy, try again.\"}");
      assertThat(answer).as("the connection stays").doesNotContain("Connection: close");
      assertThat(server.listener.calls())
          .extracting(CallCompleted::error)
          .containsExactly(java.util.Optional.of(EkmErrorCode.TOO_BUSY));
      gate.countDown();
      assertThat(RawHttp.status(working.response())).isEqualTo(200);
      assertThat(RawHttp.status(waiting.response())).isEqualTo(200);
      assertThat(RawHttp.status(refused.send(TestServer.post("{}")).response())).isEqualTo(200);
    }
  }

  @Test
  void request_waitedTooLong_is503WithoutReachingTheEndpoint() {
    HttpLimits.Work work = new HttpLimits.Work(1, 10, Duration.ofMillis(50), 0);
    try (TestServer server = new TestServer(config -> TestServer.withWork(config, work), gated);
        RawHttp working = server.connect();
        RawHttp waiting = server.connect()) {
      working.send(TestServer.post("{}"));
      Awaitility.await().until(() -> entered.get() == 1);
      waiting.send(TestServer.post("{}"));
      Awaitility.await()
          .pollDelay(Duration.ofMillis(100))
          .until(() -> server.server().waitingRequests() == 1);
      gate.countDown();
      assertThat(RawHttp.status(waiting.response())).isEqualTo(503);
      assertThat(entered).hasValue(1);
    }
  }

  @Test
  void rate_exceeded_is429() {
    HttpLimits.Work work = new HttpLimits.Work(4, 10, Duration.ofSeconds(1), 3);
    try (TestServer server = new TestServer(config -> TestServer.withWork(config, work));
        RawHttp client = server.connect()) {
      List<Integer> statuses =
          Stream.generate(() -> RawHttp.status(client.send(TestServer.post("{}")).response()))
              .limit(6)
              .toList();
      assertThat(statuses).contains(429).startsWith(200, 200, 200);
      assertThat(server.seen.size()).isLessThan(6);
    }
  }

  @Test
  void endpoint_throws_is500WithoutAnyDetail() {
    EkmEndpoint broken =
        (request, deadline) -> {
          throw new IllegalStateException("secret detail");
        };
    try (TestServer server = new TestServer(config -> config, broken);
        RawHttp client = server.connect()) {
      String answer = client.send(TestServer.post("{}")).response();
      assertThat(RawHttp.status(answer)).isEqualTo(500);
      assertThat(answer)
          .endsWith("{\"code\":\"500\",\"message\":\"Internal Server Error.\"}")
          .doesNotContain("secret", "Exception", "org.openekm", "Server:", "X-Powered-By");
    }
  }

  @Test
  void stop_whileARequestRuns_letsItEndAndClosesItsConnection() {
    TestServer server = new TestServer(config -> config, gated);
    try (RawHttp running = server.connect()) {
      running.send(TestServer.post("{}"));
      Awaitility.await().until(() -> entered.get() == 1);
      int port = server.server().port();
      CompletableFuture<Void> stopping =
          CompletableFuture.runAsync(() -> server.server().stop(Duration.ofSeconds(30)));
      Awaitility.await("no new connection").until(() -> !accepts(port));
      assertThat(stopping).isNotDone();
      gate.countDown();
      String answer = running.response();
      assertThat(RawHttp.status(answer)).isEqualTo(200);
      assertThat(answer).contains("Connection: close");
      stopping.join();
    }
  }

  @Test
  void stop_whileARequestHangs_endsInTheGivenTime() {
    TestServer server = new TestServer(config -> config, gated);
    try (RawHttp running = server.connect()) {
      running.send(TestServer.post("{}"));
      Awaitility.await().until(() -> entered.get() == 1);
      long start = System.nanoTime();
      server.server().stop(Duration.ofMillis(200));
      assertThat(Duration.ofNanos(System.nanoTime() - start))
          .isBetween(Duration.ofMillis(200), Duration.ofSeconds(5));
      assertThat(running.untilClosed()).doesNotContain("200 OK");
    }
  }

  @Test
  void callerLeaves_whileTheEndpointWorks_costsNothingLasting() {
    try (TestServer server = new TestServer(config -> config, gated)) {
      try (RawHttp client = server.connect()) {
        client.send(TestServer.post("{}"));
        Awaitility.await().until(() -> entered.get() == 1);
      }
      gate.countDown();
      Awaitility.await().until(() -> server.server().runningRequests() == 0);
      assertThat(server.answers()).isTrue();
    }
  }

  private static boolean accepts(int port) {
    try (RawHttp probe = RawHttp.to(port)) {
      return probe.send("").flood(new byte[0], 0) == 0;
    } catch (RuntimeException e) {
      return false;
    }
  }

  private static EndpointConfig withWork(EndpointConfig config, int threads, int queue) {
    return TestServer.withWork(
        config, new HttpLimits.Work(threads, queue, Duration.ofSeconds(5), 0));
  }

  private static EkmResponse answer(int status) {
    return new EkmResponse(status, Map.of(), "{}".getBytes(StandardCharsets.UTF_8));
  }
}
