// SPDX-License-Identifier: Apache-2.0
package org.openekm.testkit.conformance;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

class ConformanceSuiteTest {

  @Test
  void all_ids_areUniqueAndRulesAreSentences() {
    List<Check> all = ConformanceSuite.all();

    assertThat(all.stream().map(Check::id)).doesNotHaveDuplicates();
    assertThat(all).allMatch(check -> check.rule().endsWith(".") || check.rule().contains(": "));
    assertThat(all.size()).isGreaterThan(200);
  }

  @Test
  void all_coverEveryGroupAndNeed() {
    Set<String> groups =
        ConformanceSuite.all().stream().map(Check::group).collect(Collectors.toSet());
    Set<Need> needs =
        ConformanceSuite.all().stream()
            .flatMap(check -> check.needs().stream())
            .collect(Collectors.toSet());

    assertThat(groups)
        .containsExactlyInAnyOrder(
            "tls", "wire", "crypto", "error", "text", "body", "lenient", "token", "http", "timing",
            "state");
    assertThat(needs).containsExactlyInAnyOrder(Need.values());
  }

  @Test
  void select_severityAndGlob_narrowTheSuite() {
    List<Check> tokens = ConformanceSuite.select(Severity.MUST, "token.*");

    assertThat(tokens).isNotEmpty().allMatch(check -> check.group().equals("token"));
    assertThat(tokens).allMatch(check -> check.severity() == Severity.MUST);
    assertThat(ConformanceSuite.select(Severity.INFO, "wire.encrypt")).hasSize(1);
    assertThat(ConformanceSuite.select(Severity.INFO, "no.such")).isEmpty();
  }

  @Test
  void check_idWithoutGroup_isRefused() {
    assertThatThrownBy(() -> Check.must("nogroup", "x").by(Evidence.INFERRED, bench -> {}))
        .hasMessageContaining("id must be");
  }
}
