// SPDX-License-Identifier: Apache-2.0
package org.openekm.core.catalog;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.aggregator.ArgumentsAccessor;
import org.junit.jupiter.params.provider.CsvSource;
import org.openekm.api.KeyState;
import org.openekm.core.catalog.KeyLifecycle.Step;

final class KeyLifecycleTest {

  private static final String TABLE =
      """
      PRE_ACTIVE       | ACTIVE           | -                | -      | PENDING_DELETION | -        | if blocked | -
      ACTIVE           | -                | DISABLED         | -      | PENDING_DELETION | -        | if blocked | -
      DISABLED         | -                | -                | ACTIVE | PENDING_DELETION | -        | if blocked | -
      PENDING_DELETION | -                | -                | -      | -                | DISABLED | if blocked | DESTROYED
      DESTROYED        | -                | -                | -      | -                | -        | -          | -
      """;

  @ParameterizedTest
  @CsvSource(delimiter = '|', textBlock = TABLE)
  void next_everyStateAndStep_leadsWhereTheTableSays(KeyState from, ArgumentsAccessor all) {
    List<Step> steps = List.of(Step.values());
    for (Step step : steps) {
      for (boolean blocked : new boolean[] {false, true}) {
        String cell = all.getString(1 + steps.indexOf(step));
        Optional<KeyState> expected =
            switch (cell) {
              case "-" -> Optional.empty();
              case "if blocked" -> blocked ? Optional.of(KeyState.DESTROYED) : Optional.empty();
              default -> Optional.of(KeyState.valueOf(cell));
            };
        assertThat(KeyLifecycle.next(from, step, blocked))
            .as("%s from %s, blocked %s", step, from, blocked)
            .isEqualTo(expected);
      }
    }
  }

  @Test
  void table_listsEveryState() {
    assertThat(TABLE.lines()).hasSize(KeyState.values().length);
    assertThat(TABLE.lines().findFirst().orElseThrow().split("\\|"))
        .hasSize(1 + Step.values().length);
  }
}
