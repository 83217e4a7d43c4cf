// SPDX-License-Identifier: Apache-2.0
package org.openekm.testkit.load;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Two servers of known times under the same load, in turn. */
@Tag("once")
@Timeout(120)
class LoadCompareTest {

  @Test
  void run_twoEndpoints_takesTurnsAndFindsTheTrueRatio() throws IOException {
    Duration quick = Duration.ofMillis(40);
    Duration slow = Duration.ofMillis(120);
    LoadPlan plan = new LoadPlan(40, 16, true, Duration.ofMillis(200), Duration.ofSeconds(1));
    LoadCompare compare = new LoadCompare();
    List<String> order = new ArrayList<>();
    try (KnownServer a = new KnownServer(quick, Duration.ZERO, Duration.ofSeconds(1));
        KnownServer b = new KnownServer(slow, Duration.ZERO, Duration.ofSeconds(1))) {
      compare.run(get(a), get(b), plan, 3, (letter, result) -> order.add(letter));
    }

    LoadCompare.Ratio latency = compare.ratio(result -> result.millis(50));
    LoadCompare.Ratio goodput = compare.ratio(LoadResult::goodput);
    assertThat(order).containsExactly("A", "B", "A", "B", "A", "B");
    assertThat(latency.median()).isBetween(2.4, 3.2);
    assertThat(latency.least()).isLessThanOrEqualTo(latency.median());
    assertThat(latency.most()).isGreaterThanOrEqualTo(latency.median());
    assertThat(goodput.median()).as("both keep the rate").isBetween(0.9, 1.1);
    assertThat(compare.isHealthy()).isTrue();
  }

  @Test
  void run_oneEndpointFails_isNotHealthy() throws IOException {
    LoadPlan plan = new LoadPlan(20, 4, true, Duration.ofMillis(100), Duration.ofMillis(500));
    LoadCompare compare = new LoadCompare();
    try (KnownServer a =
        new KnownServer(Duration.ofMillis(5), Duration.ZERO, Duration.ofSeconds(1))) {
      Ammunition gone;
      try (KnownServer b =
          new KnownServer(Duration.ofMillis(5), Duration.ZERO, Duration.ofSeconds(1))) {
        gone = get(b);
      }
      compare.run(get(a), gone, plan, 1, (letter, result) -> {});
    }

    assertThat(compare.isHealthy()).isFalse();
  }

  private static Ammunition get(KnownServer server) {
    return Ammunition.plainGet(server.endpoint(), "/");
  }
}
