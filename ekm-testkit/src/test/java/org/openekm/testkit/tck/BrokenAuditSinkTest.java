// SPDX-License-Identifier: Apache-2.0
package org.openekm.testkit.tck;

import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.openekm.spi.audit.AuditSink;
import org.openekm.testkit.tck.ChainedSink.Flaw;

class BrokenAuditSinkTest {

  @ParameterizedTest
  @EnumSource
  void audit_kit_findsTheFlaw(Flaw flaw) {
    TckRunner.assertFound(Mutant.class, flaw, testFor(flaw));
  }

  private static String testFor(Flaw flaw) {
    return switch (flaw) {
      case LOSES_LAST_OF_A_BATCH, REVERSES_A_BATCH ->
          "append_whenItReturns_hasKeptEveryEventInOrder";
      case COUNTS_BATCHES -> "append_counts_fromOneWithoutGaps";
      case CONSTANT_HASH, HASH_IS_NO_HEX -> "append_chainHash_isHexadecimalAndNeverRepeats";
      case LEAVES_OUT_DETAILS -> "append_keepsEveryPartOfAnEvent";
      case BREAKS_LINES -> "append_withLineBreaksAndQuotesInDetails_staysOneEntry";
      case FORGETS_ON_REOPEN -> "openAgain_continuesTheCountAndKeepsWhatWasThere";
      case WORKS_AFTER_CLOSE, CLOSE_TWICE_THROWS -> "close_thenAppend_isRefused";
      case CHECK_APPENDS -> "check_ofAWorkingSink_isHealthyAndAddsNothing";
    };
  }

  @ExtendWith(FlawResolver.class)
  static final class Mutant extends AuditSinkTck {

    private final ChainedSink.Disk disk = new ChainedSink.Disk();
    private final Flaw flaw;

    Mutant(Flaw flaw) {
      this.flaw = flaw;
    }

    @Override
    protected AuditSink createSink() {
      return new ChainedSink(disk, Set.of(flaw));
    }

    @Override
    protected Optional<AuditSink> openAgain() {
      return Optional.of(new ChainedSink(disk, Set.of(flaw)));
    }

    @Override
    protected Optional<List<String>> keptTexts() {
      return Optional.of(disk.lines());
    }
  }
}
