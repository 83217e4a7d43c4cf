// SPDX-License-Identifier: Apache-2.0
package org.openekm.testkit.tck;

import java.util.Set;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.openekm.testkit.tck.PlainTokenVerifier.Flaw;

@Tag("once")
class BrokenTokenVerifierTest {

  @ParameterizedTest
  @EnumSource
  void token_kit_findsTheFlaw(Flaw flaw) {
    TckRunner.assertFound(Mutant.class, flaw, testFor(flaw));
  }

  private static String testFor(Flaw flaw) {
    return switch (flaw) {
      case NO_SIGNATURE_CHECK -> "verify_signatureOfAnotherKey_isRefused";
      case ACCEPTS_NONE -> "verify_algorithmNone_isRefusedInAnyCase";
      case KEYS_A_MAC_WITH_THE_PUBLIC_KEY -> "verify_macKeyedWithThePublicKey_isRefused";
      case TRUSTS_THE_KEY_IN_THE_HEADER -> "verify_keyBroughtAlongInTheHeader_isRefused";
      case NO_EXPIRY -> "verify_expired_isRefused";
      case ENDLESS_WITHOUT_EXP -> "verify_withoutAnEnd_isRefused";
      case NO_NOT_BEFORE -> "verify_notYetValid_isRefused";
      case NO_ISSUER -> "verify_anotherIssuersName_isRefused";
      case TAKES_ANY_KNOWN_KEY -> "verify_againstAnotherIssuer_isRefused";
      case IGNORES_CRIT -> "verify_criticalHeaderThatNobodyKnows_isRefused";
      case DUPLICATES_ALLOWED -> "verify_duplicateMembers_areRefused";
      case TRIMS -> "verify_textAroundAGoodToken_isRefused";
      case LENIENT_BASE64 -> "verify_signatureInAnotherSpelling_isRefused";
      case CACHE_OUTLIVES_THE_TOKEN -> "verify_aTokenSeenBefore_isRefusedOnceItHasExpired";
      case NEEDS_NO_CLIENT -> "verify_withoutAClient_isRefused";
      case OTHER_EXCEPTION, OTHER_CODE, QUOTES_THE_TOKEN -> "verify_garbage_isRefused";
    };
  }

  @ExtendWith(FlawResolver.class)
  static final class Mutant extends PlainTokenKit {

    Mutant(Flaw flaw) {
      super(Set.of(flaw));
    }
  }
}
