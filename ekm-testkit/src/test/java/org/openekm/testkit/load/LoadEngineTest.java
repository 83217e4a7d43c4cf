// SPDX-License-Identifier: Apache-2.0
package org.openekm.testkit.load;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.openekm.testkit.conformance.http.Endpoint;
import org.openekm.testkit.fake.TestCertificates;
import org.openekm.testkit.mutant.MutantServer;
import tools.jackson.databind.json.JsonMapper;

@Tag("once")
@Timeout(120)
class LoadEngineTest {

  private static final Duration SERVICE = Duration.ofMillis(100);

  @Test
  void run_openModel_countsFromTheDueTimeAndKeepsTheRate() throws IOException {
    try (KnownServer server = new KnownServer(SERVICE, Duration.ZERO, Duration.ofSeconds(1))) {
      List<LoadResult.Second> seconds = new ArrayList<>();
      LoadResult result = new LoadEngine(get(server), plan(50, 20, true), seconds::add).run();

      assertThat(result.requests()).isBetween(98L, 101L);
      assertThat(result.failed()).isZero();
      assertThat(result.millis(0)).isGreaterThanOrEqualTo(99);
      assertThat(seconds).isNotEmpty();
    }
  }

  @Test
  void run_fewerConnectionsThanNeeded_showsTheWaitOfThoseThatHadNone() throws IOException {
    try (KnownServer server = new KnownServer(SERVICE, Duration.ZERO, Duration.ofSeconds(1))) {
      // One connection answers ten a second; twenty are due.
      LoadResult result = new LoadEngine(get(server), plan(20, 1, true), second -> {}).run();

      assertThat(result.millis(100)).isGreaterThan(500);
      assertThat(result.good()).isLessThan(result.requests());
    }
  }

  @Test
  void run_serverStalls_everyRequestThatWasDueMeanwhileIsSlow() throws IOException {
    Duration stall = Duration.ofMillis(500);
    try (KnownServer server = new KnownServer(Duration.ofMillis(5), stall, Duration.ofSeconds(1))) {
      LoadResult result = new LoadEngine(get(server), plan(100, 100, true), second -> {}).run();

      // Half of the requests fall into stalls and wait 250 ms on average.
      assertThat(result.latencies().getMean() / 1_000).isBetween(70.0, 400.0);
      assertThat(result.millis(75)).isBetween(100.0, 480.0);
    }
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void run_closedModel_sendsAsFastAsItGetsAnswers(boolean keepAlive) throws IOException {
    try (KnownServer server = new KnownServer(SERVICE, Duration.ZERO, Duration.ofSeconds(1))) {
      LoadResult result = new LoadEngine(get(server), plan(0, 4, keepAlive), second -> {}).run();

      assertThat(result.requests()).isBetween(8L, 84L);
      assertThat(result.failed()).isZero();
    }
  }

  @Test
  void run_nobodyListens_isCountedAsFailedAfterARetry() throws IOException {
    int port;
    try (ServerSocket closed = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      port = closed.getLocalPort();
    }
    Endpoint nobody = new Endpoint("127.0.0.1", port, TestCertificates.create().clientContext());
    LoadResult result =
        new LoadEngine(Ammunition.plainGet(nobody, "/"), plan(10, 2, true), second -> {}).run();

    assertThat(result.failed()).isEqualTo(result.requests()).isPositive();
    assertThat(result.retried()).isEqualTo(result.failed());
    assertThat(result.isHealthy()).isFalse();
  }

  @Test
  void run_everyMixOnAVendor_getsGoodAnswers() throws IOException {
    try (MutantServer.Site site = new MutantServer.Site();
        MutantServer server = site.start(Optional.empty())) {
      for (Mix mix : Mix.all().values()) {
        Ammunition shots = Ammunition.of(server.target(), mix);
        LoadPlan plan = new LoadPlan(40, 4, true, Duration.ofMillis(100), Duration.ofSeconds(1));
        LoadResult result = new LoadEngine(shots, plan, second -> {}).run();

        assertThat(result.errors()).as(mix.name()).isEmpty();
        assertThat(result.requests()).as(mix.name()).isPositive();
        assertReports(result);
      }
    }
  }

  private static void assertReports(LoadResult result) {
    assertThat(LoadHtml.of(result, "a <b>")).contains("<svg", "a &lt;b>").doesNotContain("http:");
    assertThat(JsonMapper.shared().readTree(LoadJson.of(result)).path("rate").asInt())
        .isEqualTo(40);
  }

  @Test
  void plan_outOfRange_isRefused() {
    assertThatThrownBy(() -> plan(-1, 1, true)).hasMessageContaining("rate must be");
    assertThatThrownBy(() -> plan(1, 0, true)).hasMessageContaining("connections must be");
    assertThatThrownBy(() -> new LoadPlan(1, 1, true, Duration.ZERO, Duration.ofHours(1)))
        .hasMessageContaining("30 minutes");
    assertThatThrownBy(() -> Mix.named("nothing")).hasMessageContaining("block-volume");
  }

  @Test
  void search_next_doublesThenHalvesThenEnds() {
    assertThat(LoadSearch.next(100, 500_000)).isEqualTo(200);
    assertThat(LoadSearch.next(100, 200)).isEqualTo(150);
    assertThat(LoadSearch.next(196, 200)).isEqualTo(196);
  }

  @Test
  void truth_ofTheKnownServer_isWhatEvenArrivalsSee() throws IOException {
    try (KnownServer server =
        new KnownServer(Duration.ofMillis(20), Duration.ofMillis(200), Duration.ofSeconds(2))) {
      assertThat(server.truth(50)).isEqualTo(20);
      assertThat(server.truth(95)).isBetween(119.9, 120.1);
      assertThat(server.truth(99)).isBetween(199.9, 200.1);
    }
  }

  private static Ammunition get(KnownServer server) {
    return Ammunition.plainGet(server.endpoint(), "/");
  }

  private static LoadPlan plan(int rate, int connections, boolean keepAlive) {
    return new LoadPlan(
        rate, connections, keepAlive, Duration.ofMillis(500), Duration.ofSeconds(2));
  }
}
