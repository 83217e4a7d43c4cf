// SPDX-License-Identifier: Apache-2.0
package org.openekm.testkit.tck;

import java.time.Duration;
import java.util.EnumSet;
import java.util.Set;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.openekm.spi.backend.BackendFeature;
import org.openekm.spi.backend.Capabilities;
import org.openekm.spi.backend.Capabilities.IvSource;
import org.openekm.spi.backend.KeyBackend;
import org.openekm.testkit.fake.BackendFault;
import org.openekm.testkit.fake.FakeKeyBackend;
import org.openekm.testkit.fake.FaultyKeyBackend;
import org.openekm.testkit.fake.FaultyKeyBackend.Call;

@Tag("once")
class BrokenKeyBackendTest {

  /** What {@link FaultyKeyBackend} can do wrong at every call. */
  enum Fault {
    ZERO_IV,
    LONG_IV,
    TRUNCATED_TAG,
    FLIPPED_TAG_BIT,
    WRONG_CIPHERTEXT_LENGTH,
    TOO_FEW_RANDOM_BYTES,
    DECRYPT_UNAVAILABLE,
    DESTROY_UNAVAILABLE,
    CHECK_UNAVAILABLE
  }

  @ParameterizedTest
  @EnumSource
  void backend_kit_findsTheFault(Fault fault) {
    TckRunner.assertFound(FaultMutant.class, fault, testFor(fault));
  }

  @ParameterizedTest
  @EnumSource
  void backend_kit_findsTheCipherFlaw(BrokenCipherBackend.Flaw flaw) {
    TckRunner.assertFound(CipherMutant.class, flaw, testFor(flaw));
  }

  @ParameterizedTest
  @EnumSource
  void backend_kit_findsTheKeyFlaw(BrokenKeyBackend.Flaw flaw) {
    TckRunner.assertFound(KeyMutant.class, flaw, testFor(flaw));
  }

  private static String testFor(Fault fault) {
    return switch (fault) {
      case ZERO_IV -> "encrypt_iv_isNeverAllZero";
      case LONG_IV, TRUNCATED_TAG, WRONG_CIPHERTEXT_LENGTH ->
          "encrypt_result_hasTheContractsLengths";
      case FLIPPED_TAG_BIT, DECRYPT_UNAVAILABLE -> "decrypt_ofEncrypt_givesThePlaintextAtEverySize";
      case TOO_FEW_RANDOM_BYTES -> "randomBytes_haveExactlyTheAskedLength";
      case DESTROY_UNAVAILABLE -> "destroyKey_repeatedOrOfNoKey_isASuccess";
      case CHECK_UNAVAILABLE -> "check_ofAWorkingBackend_isHealthyAndSaysWhat";
    };
  }

  private static String testFor(BrokenCipherBackend.Flaw flaw) {
    return switch (flaw) {
      case IV_COUNTER_RESTARTS_ON_OPEN -> "encrypt_afterReopening_doesNotStartTheIvsAgain";
      case IV_IS_CONSTANT -> "encrypt_samePlaintextTwice_givesDifferentIvAndCiphertext";
      case IV_HAS_ONE_BYTE -> "encrypt_run_neverRepeatsAnIv";
      case IGNORES_AAD -> "decrypt_aadTampered_isATagMismatch";
      case CIPHER_IS_NOT_GCM -> "encrypt_underImportedKey_givesWhatTheJdkComputes";
      case CHECKS_NO_TAG -> "decrypt_tagTampered_isATagMismatchAtEveryByte";
      case TAKES_SHORT_TAGS -> "decrypt_truncatedTag_isATagMismatch";
      case IGNORES_THE_REST_OF_A_LONG_TAG -> "decrypt_tagTooLong_isATagMismatch";
      case MISMATCH_IS_UNAVAILABLE -> "decrypt_underAnotherKey_isATagMismatch";
      case MISMATCH_IS_ANOTHER_EXCEPTION -> "decrypt_ivTampered_isATagMismatchAtEveryByte";
      case STUCK_AFTER_A_MISMATCH -> "encrypt_afterATagMismatch_works";
      case TELLS_THE_PLAINTEXT -> "decrypt_failure_saysNothingOfTheData";
      case DESTROYS_THE_PLAINTEXT -> "encrypt_plaintext_staysTheCallersAndUnchanged";
      case GIVES_ONE_PLAINTEXT_TWICE -> "decrypt_twice_givesIndependentPlaintexts";
      case LIMIT_IS_SMALLER_THAN_DECLARED -> "decrypt_ofEncrypt_givesThePlaintextAtEverySize";
      case MIXES_UP_THREADS -> "encryptAndDecrypt_byAllThreadsAtOnce_neverMixUp";
    };
  }

  private static String testFor(BrokenKeyBackend.Flaw flaw) {
    return switch (flaw) {
      case DECLARES_A_LENGTH_IT_LACKS ->
          "generateKey_ofEachDeclaredLength_isUsableAndTellsItsLength";
      case HIDES_A_FEATURE_IT_HAS -> "call_ofAFeatureNotDeclared_isRefused";
      case GENERATES_TWO_KEYS_FOR_ONE_VERSION ->
          "generateKey_repeatedForOneVersion_givesTheSameKey";
      case GENERATES_ONE_KEY_PER_LABEL -> "generateKey_forTwoVersionsOfOneLabel_givesTwoKeys";
      case FORGETS_VERSIONS_ON_OPEN -> "generateKey_repeatedAfterReopening_givesTheSameKey";
      case FAILS_ON_ODD_LABELS -> "generateKey_withLabelsOfAnyKind_works";
      case PADS_IMPORTED_MATERIAL, KEEPS_WRONG_MATERIAL ->
          "importKey_materialOfAnotherLength_isRefusedAndLeavesNothing";
      case DESTROYS_IMPORTED_MATERIAL -> "importKey_material_staysTheCallersAndIsCopied";
      case DESTROYS_NOTHING -> "destroyKey_thenEveryCall_saysThatItIsMissing";
      case DESTROYING_TWICE_FAILS -> "destroyKey_repeatedOrOfNoKey_isASuccess";
      case DESTROYS_ALL_KEYS -> "destroyKey_leavesOtherKeysAlone";
      case CACHES_KEYS_THAT_ARE_DESTROYED -> "destroyKey_thenOtherBackends_sayThatItIsMissing";
      case MISSING_KEY_IS_UNAVAILABLE -> "call_withAMissingKey_saysThatItIsMissing";
      case CHOKES_ON_ODD_REFERENCES -> "call_withAReferenceOfAnotherForm_saysThatItIsMissing";
      case INSPECTS_WRONG_LENGTH -> "inspectKey_ofAnExistingKey_tellsReferenceAndLength";
      case RANDOM_IS_CONSTANT -> "randomBytes_lookRandomAndNeverRepeat";
      case RANDOM_IS_SHORT -> "randomBytes_haveExactlyTheAskedLength";
      case HANGS_PAST_THE_DEADLINE ->
          "encryptAndDecrypt_deadlinePassed_endInTimeWithSuccessOrTimedOut";
      case CHECK_IS_ALWAYS_BAD -> "check_ofAWorkingBackend_isHealthyAndSaysWhat";
      case CHECK_THROWS -> "check_deadlinePassed_answersInTime";
      case WORKS_AFTER_CLOSE -> "call_afterClose_failsInTimeAsABackendDoes";
      case CLOSE_TWICE_THROWS -> "close_repeated_isASuccess";
      case CLOSES_EVERYBODY -> "close_ofOneBackend_leavesTheOthersWorking";
    };
  }

  private static KeyBackend planted(FaultyKeyBackend backend, Fault fault) {
    return switch (fault) {
      case ZERO_IV -> backend.fail(Call.ENCRYPT, BackendFault.zeroIv());
      case LONG_IV -> backend.fail(Call.ENCRYPT, BackendFault.longIv());
      case TRUNCATED_TAG -> backend.fail(Call.ENCRYPT, BackendFault.truncatedTag());
      case FLIPPED_TAG_BIT -> backend.fail(Call.ENCRYPT, BackendFault.flippedTagBit());
      case WRONG_CIPHERTEXT_LENGTH ->
          backend.fail(Call.ENCRYPT, BackendFault.wrongCiphertextLength());
      case TOO_FEW_RANDOM_BYTES ->
          backend.fail(Call.RANDOM_BYTES, BackendFault.tooFewRandomBytes());
      case DECRYPT_UNAVAILABLE -> backend.fail(Call.DECRYPT, BackendFault.unavailable(false));
      case DESTROY_UNAVAILABLE -> backend.fail(Call.DESTROY_KEY, BackendFault.unavailable(true));
      case CHECK_UNAVAILABLE -> backend.fail(Call.CHECK, BackendFault.unavailable(true));
    };
  }

  /** A small device, so that a run takes a fraction of a second. */
  private static FakeKeyBackend device() {
    return new FakeKeyBackend(
        new Capabilities(
            IvSource.HOST, 1_000, 64, Set.of(16, 32), EnumSet.allOf(BackendFeature.class), 8));
  }

  @ExtendWith(FlawResolver.class)
  static final class FaultMutant extends KeyBackendTck {

    private final FakeKeyBackend device = device();
    private final Fault fault;

    FaultMutant(Fault fault) {
      this.fault = fault;
    }

    @Override
    protected KeyBackend createBackend() {
      return planted(new FaultyKeyBackend(device.reopen()), fault);
    }
  }

  @ExtendWith(FlawResolver.class)
  static final class CipherMutant extends KeyBackendTck {

    private final FakeKeyBackend device = device();
    private final BrokenCipherBackend.Flaw flaw;

    CipherMutant(BrokenCipherBackend.Flaw flaw) {
      this.flaw = flaw;
    }

    @Override
    protected KeyBackend createBackend() {
      return new BrokenCipherBackend(device.reopen(), flaw);
    }
  }

  @ExtendWith(FlawResolver.class)
  static final class KeyMutant extends KeyBackendTck {

    private final FakeKeyBackend device = device();
    private final BrokenKeyBackend.Flaw flaw;

    KeyMutant(BrokenKeyBackend.Flaw flaw) {
      this.flaw = flaw;
    }

    @Override
    protected KeyBackend createBackend() {
      return new BrokenKeyBackend(device, flaw);
    }

    @Override
    protected Duration callBudget() {
      return Duration.ofMillis(flaw == BrokenKeyBackend.Flaw.HANGS_PAST_THE_DEADLINE ? 500 : 5_000);
    }
  }
}
