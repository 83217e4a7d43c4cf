// SPDX-License-Identifier: Apache-2.0
package org.openekm.testkit.tck;

import java.util.Set;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.openekm.testkit.tck.WordPolicyEngine.Flaw;

class BrokenPolicyEngineTest {

  @ParameterizedTest
  @EnumSource
  void policy_kit_findsTheFlaw(Flaw flaw) {
    TckRunner.assertFound(Mutant.class, flaw, testFor(flaw));
  }

  private static String testFor(Flaw flaw) {
    return switch (flaw) {
      case ALLOWS_BY_DEFAULT, NO_CLAUSE, NEEDS_A_SOURCE, NEEDS_A_KEY ->
          "decide_byAnEmptyPolicy_deniesEverything";
      case FIRST_MATCH_WINS -> "decide_allowAndDenyBothMatch_denies";
      case OTHER_EXCEPTION_ON_SYNTAX, IGNORES_BAD_WORDS, NO_PROBLEMS_NAMED ->
          "compile_aMalformedPolicy_saysWhatIsWrong";
      case SHARES_STATE -> "compile_anotherPolicy_leavesEarlierOnesAlone";
      case RECURSES -> "compile_deepNesting_isASyntaxError";
      case SAME_CLAUSE_ALWAYS -> "decide_clauses_tellAllowAndDenyApart";
      case FLIPS -> "decide_sameRequestTwice_decidesTheSame";
    };
  }

  @ExtendWith(FlawResolver.class)
  static final class Mutant extends WordPolicyKit {

    Mutant(Flaw flaw) {
      super(Set.of(flaw));
    }
  }
}
