// SPDX-License-Identifier: Apache-2.0
package org.openekm.server.admin;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.openekm.core.admin.ChangeGuard;
import org.openekm.testkit.fake.BackendFault;
import org.openekm.testkit.fake.FaultyKeyBackend;
import org.openekm.testkit.fake.FaultyMetadataStore;
import org.openekm.testkit.fake.ManualClock;
import org.openekm.testkit.fake.StoreFault;

/** Requests that come twice because their first answer was lost. */
class RepeatedRequestsTest {

  /** The memory of answers alone, with a clock that can be set. */
  @Nested
  class Memory {

    private final ManualClock clock = new ManualClock();
    private final RepeatedRequests requests = new RepeatedRequests(clock, 3, 4000);
    private final AtomicInteger done = new AtomicInteger();

    @Test
    void sameRequest_within24Hours_getsTheFirstAnswer() {
      AdminAnswer first = once("key", "body");
      clock.advance(Duration.ofHours(24));
      AdminAnswer second = once("key", "body");
      assertThat(done).hasValue(1);
      assertThat(second.body()).isEqualTo(first.body());
      assertThat(second.headers()).containsEntry("Idempotency-Replayed", "true");
      assertThat(first.headers()).doesNotContainKey("Idempotency-Replayed");
    }

    @Test
    void sameRequest_after24Hours_isCarriedOutAnew() {
      once("key", "body");
      clock.advance(Duration.ofHours(24).plusMillis(1));
      once("key", "body");
      assertThat(done).hasValue(2);
    }

    @Test
    void otherRequest_withTheSameKey_is422() {
      once("key", "body");
      assertThat(once("key", "other").status()).isEqualTo(422);
      assertThat(done).hasValue(1);
    }

    @Test
    void sameKey_ofSomebodyElse_isAnotherKey() {
      once("key", "body");
      RepeatedRequests.Request others = new RepeatedRequests.Request("bob", "key", "body");
      requests.once(others, ChangeGuard.open(), this::answer);
      assertThat(done).hasValue(2);
    }

    @Test
    void moreThanItHolds_theOldestGoFirst() {
      once("1", "a");
      once("2", "a");
      once("3", "a");
      once("4", "a");
      once("2", "a");
      assertThat(done).as("2 is still known").hasValue(4);
      once("1", "a");
      assertThat(done).as("1 was forgotten").hasValue(5);
    }

    @Test
    void answersLargerThanItHolds_areNotKept() {
      RepeatedRequests small = new RepeatedRequests(clock, 3, 100);
      RepeatedRequests.Request request = new RepeatedRequests.Request("alice", "key", "body");
      small.once(request, ChangeGuard.open(), this::answer);
      small.once(request, ChangeGuard.open(), this::answer);
      assertThat(done).hasValue(2);
    }

    private AdminAnswer once(String key, String body) {
      return requests.once(
          new RepeatedRequests.Request("alice", key, body), ChangeGuard.open(), this::answer);
    }

    private AdminAnswer answer() {
      return AdminAnswer.json(
          201, "application/json", Map.of("number", done.incrementAndGet()), Map.of());
    }
  }

  /** The header over a real socket. */
  @Nested
  class Header {

    private static final String KEYS = "/vaults/payments/keys";

    private final AdminFixture fixture = new AdminFixture();

    @BeforeEach
    void make() throws Exception {
      fixture.withVault();
    }

    @AfterEach
    void stop() {
      fixture.close();
    }

    @Test
    void keyMadeTwice_isMadeOnceAndAnsweredTheSame() throws Exception {
      HttpResponse<String> first = post(KEYS, "{\"name\":\"k\"}", "one");
      HttpResponse<String> second = post(KEYS, "{ \"name\" : \"k\" }", "one");
      assertThat(second.statusCode()).isEqualTo(201);
      assertThat(second.body()).isEqualTo(first.body());
      assertThat(second.headers().firstValue("ETag")).isEqualTo(first.headers().firstValue("ETag"));
      assertThat(second.headers().firstValue("Idempotency-Replayed")).contains("true");
      assertThat(fixture.device.keyCount()).isEqualTo(1);
    }

    @Test
    void rotationRepeated_makesOneVersion_andAnotherKeyOneMore() throws Exception {
      post(KEYS, "{\"name\":\"k\"}", "one");
      post(KEYS + "/k/rotate", "{}", "two");
      post(KEYS + "/k/rotate", "{}", "two");
      assertThat(fixture.device.keyCount()).isEqualTo(2);
      assertThat(post(KEYS + "/k/rotate", "{}", "three").body()).contains("\"versions\":3");
    }

    @Test
    void sameKey_otherBodyOrPath_is422AndDoesNothing() throws Exception {
      post(KEYS, "{\"name\":\"k\"}", "one");
      for (HttpResponse<String> answer :
          List.of(post(KEYS, "{\"name\":\"k2\"}", "one"), post(KEYS + "/k/rotate", "{}", "one"))) {
        assertThat(answer.statusCode()).isEqualTo(422);
        assertThat(answer.body()).contains("urn:openekm:problem:repeat-differs");
      }
      assertThat(fixture.device.keyCount()).isEqualTo(1);
    }

    @Test
    void refusedRequest_corrected_isCarriedOutUnderTheSameKey() throws Exception {
      assertThat(post(KEYS, "{\"name\":\"not a name\"}", "one").statusCode()).isEqualTo(400);
      assertThat(post(KEYS, "{\"name\":\"k\"}", "one").statusCode()).isEqualTo(201);
    }

    @Test
    void requestStillRunning_is409AndToldWhenToComeBack() throws Exception {
      fixture.backend.failNext(FaultyKeyBackend.Call.GENERATE_KEY, 1, BackendFault.hang());
      CompletableFuture<HttpResponse<String>> first =
          CompletableFuture.supplyAsync(() -> unchecked(KEYS, "{\"name\":\"k\"}", "one"));
      Awaitility.await().atMost(Duration.ofSeconds(30)).until(() -> fixture.backend.hanging() == 1);

      HttpResponse<String> second = post(KEYS, "{\"name\":\"k\"}", "one");
      fixture.backend.release();

      assertThat(second.statusCode()).isEqualTo(409);
      assertThat(second.body()).contains("urn:openekm:problem:repeat-running");
      assertThat(second.headers().firstValue("Retry-After")).contains("5");
      assertThat(first.get().statusCode()).isEqualTo(201);
      assertThat(fixture.device.keyCount()).isEqualTo(1);
    }

    @Test
    void changeWhoseAnswerWasLostInTheStore_isNotMadeTwice() throws Exception {
      post(KEYS, "{\"name\":\"k\"}", "one");
      fixture.store.failNext(FaultyMetadataStore.Call.COMMIT, 1, StoreFault.answerLost());
      assertThat(post(KEYS + "/k/rotate", "{}", "two").statusCode()).isEqualTo(503);

      HttpResponse<String> again = post(KEYS + "/k/rotate", "{}", "two");

      assertThat(again.statusCode()).as(again.body()).isEqualTo(409);
      assertThat(again.body()).contains("urn:openekm:problem:repeat-unclear", "look at the state");
      assertThat(fixture.device.keyCount()).isEqualTo(2);
    }

    @Test
    void block_withAKeyThatWasUsed_blocksAllTheSame() throws Exception {
      post("/vaults/payments/block", "{}", "one");
      post("/vaults/payments/unblock", "{}", "one");
      assertThat(post("/vaults/payments/block", "{}", "one").body()).contains("\"blocked\":true");
    }

    @Test
    void key_tooLongOrNotPrintable_is400() throws Exception {
      assertThat(post(KEYS, "{\"name\":\"k\"}", "x".repeat(256)).statusCode()).isEqualTo(400);
      assertThat(post(KEYS, "{\"name\":\"k\"}", "a b").statusCode()).isEqualTo(400);
      assertThat(fixture.device.keyCount()).isZero();
    }

    private HttpResponse<String> unchecked(String path, String body, String key) {
      try {
        return post(path, body, key);
      } catch (Exception e) {
        throw new IllegalStateException(e);
      }
    }

    private HttpResponse<String> post(String path, String body, String key) throws Exception {
      return fixture.admin("POST", path, body, Map.of("Idempotency-Key", key));
    }
  }
}
