// SPDX-License-Identifier: Apache-2.0
package org.openekm.testkit.mutant;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.openekm.testkit.conformance.Check;
import org.openekm.testkit.conformance.CheckResult;
import org.openekm.testkit.conformance.ConformanceRun;
import org.openekm.testkit.conformance.ConformanceSuite;
import org.openekm.testkit.conformance.Outcome;
import org.openekm.testkit.conformance.Severity;
import org.openekm.testkit.conformance.WireNames;

/** Each wrong server must be caught by a check that the right one passes. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@Timeout(300)
@Tag("once")
class MutantsCaughtTest {

  /** The quick groups first; a test stops at the first check that catches. */
  private static final List<String> ORDER =
      List.of("state", "wire", "crypto", "error", "body", "token", "tls", "text", "lenient");

  /** They wait for time limits or ask very often. */
  private static final Set<String> SLOW =
      Set.of(
          "crypto.iv-unique",
          "http.slow-header",
          "http.slow-body",
          "timing.answer",
          "timing.goal",
          "token.jku-fetch",
          "token.x5u-fetch");

  private final MutantServer.Site site = new MutantServer.Site();
  private List<Check> passed = List.of();

  @BeforeAll
  void judgeTheRightServer() throws IOException {
    List<Check> good = new ArrayList<>();
    try (MutantServer server = site.start(Optional.empty())) {
      ConformanceRun run = new ConformanceRun(server.target(), WireNames.standard());
      for (Check check : ConformanceSuite.all()) {
        CheckResult result = run.run(check);
        if (result.outcome() == Outcome.PASSED) {
          good.add(check);
        } else {
          assertThat(check.severity()).as(result.toString()).isNotEqualTo(Severity.MUST);
        }
      }
    }
    good.sort(Comparator.comparingInt(MutantsCaughtTest::rank));
    passed = List.copyOf(good);
  }

  @AfterAll
  void close() {
    site.close();
  }

  @Test
  void all_rightServer_holdsWhatMustAndMostOfTheRest() {
    assertThat(passed.size()).isGreaterThan(ConformanceSuite.all().size() * 8 / 10);
  }

  @ParameterizedTest
  @EnumSource(Mutation.class)
  void mutant_wrongInOneWay_isCaught(Mutation mutation) throws IOException {
    try (MutantServer server = site.start(Optional.of(mutation))) {
      ConformanceRun run = new ConformanceRun(server.target(), WireNames.standard());
      Optional<CheckResult> caught =
          passed.stream()
              .map(run::run)
              .filter(result -> result.outcome() != Outcome.PASSED)
              .findFirst();
      assertThat(caught).as("a server that %s", mutation.flaw()).isPresent();
    }
  }

  private static int rank(Check check) {
    int rank = ORDER.indexOf(check.group());
    return SLOW.contains(check.id()) ? Integer.MAX_VALUE : rank < 0 ? ORDER.size() : rank;
  }
}
