// SPDX-License-Identifier: Apache-2.0
package org.openekm.hsm.pkcs11.internal.token;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;

import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.openekm.hsm.pkcs11.internal.cryptoki.CkFunction;
import org.openekm.hsm.pkcs11.internal.cryptoki.Ckr;
import org.openekm.hsm.pkcs11.internal.fake.FakeBehavior;
import org.openekm.hsm.pkcs11.internal.fake.FakeTokens;
import org.openekm.spi.backend.BackendException;
import org.openekm.spi.backend.KeyBackend;
import org.openekm.testkit.fake.ManualClock;

/**
 * Every return value from every function: no wrong answer, no lasting damage, no dangerous call.
 */
class EveryCodeTest {

  private static final long VENDOR_DEFINED = 0x80000001L;

  /** What may come back of C_Decrypt as a fault of the ciphertext. */
  private static final Set<Long> BLAMED_ON_THE_CIPHERTEXT =
      Set.of(
          Ckr.ENCRYPTED_DATA_INVALID,
          Ckr.ENCRYPTED_DATA_LEN_RANGE,
          Ckr.DATA_INVALID,
          Ckr.DATA_LEN_RANGE,
          Ckr.AEAD_DECRYPT_FAILED,
          Ckr.GENERAL_ERROR,
          Ckr.FUNCTION_FAILED);

  private final ManualClock clock = new ManualClock();
  private final FakeTokens tokens = new FakeTokens(FakeBehavior.softHsm());
  private final KeyBackend backend = open();
  private final TokenProbe probe = new TokenProbe(backend);

  private KeyBackend open() {
    tokens.clock(clock);
    return tokens.open(IvMode.CALLER);
  }

  @AfterEach
  void close() {
    tokens.library().faults().release();
    backend.close();
  }

  @Test
  void anyCode_once_givesNoWrongAnswerAndIsSurvived() {
    for (CkFunction function : CkFunction.values()) {
      for (long code : codes()) {
        tokens.library().faults().next(function, code);

        attempt(function, code);

        tokens.library().faults().release();
        clock.advance(Duration.ofSeconds(2));
        assertThatCode(probe::roundTrip)
            .as("after %s from %s", Ckr.name(code), function.standardName())
            .doesNotThrowAnyException();
      }
    }
    assertThat(tokens.library().faults().violations()).isEmpty();
  }

  @Test
  void anyCode_fromTheFirstCallAfterALostLogin_isSurvived() {
    for (CkFunction function :
        List.of(
            CkFunction.OPEN_SESSION,
            CkFunction.LOGIN,
            CkFunction.GET_TOKEN_INFO,
            CkFunction.GET_SLOT_LIST,
            CkFunction.FIND_OBJECTS_INIT,
            CkFunction.FIND_OBJECTS,
            CkFunction.FIND_OBJECTS_FINAL,
            CkFunction.GET_ATTRIBUTE_VALUE,
            CkFunction.GET_SESSION_INFO,
            CkFunction.CLOSE_SESSION,
            CkFunction.INITIALIZE,
            CkFunction.FINALIZE)) {
      for (long code : codes()) {
        if (function == CkFunction.LOGIN && FAILS_FOR_GOOD.contains(code)) {
          continue;
        }
        tokens.library().loseSessions();
        tokens.library().faults().next(function, code);

        attempt(function, code);

        tokens.library().faults().release();
        clock.advance(Duration.ofSeconds(2));
        assertThatCode(probe::roundTrip)
            .as("after %s from %s", Ckr.name(code), function.standardName())
            .doesNotThrowAnyException();
      }
    }
    assertThat(tokens.library().faults().violations()).isEmpty();
  }

  /** After these the operator must act; they are tested with the PIN. */
  private static final Set<Long> FAILS_FOR_GOOD =
      Set.of(
          Ckr.PIN_INCORRECT,
          Ckr.PIN_INVALID,
          Ckr.PIN_LEN_RANGE,
          Ckr.PIN_LOCKED,
          Ckr.PIN_EXPIRED,
          Ckr.USER_PIN_NOT_INITIALIZED);

  private static Set<Long> codes() {
    Set<Long> codes = new TreeSet<>(Ckr.all());
    codes.remove(Ckr.OK);
    codes.add(VENDOR_DEFINED);
    return codes;
  }

  private void attempt(CkFunction function, long code) {
    try {
      probe.roundTrip();
    } catch (BackendException.AuthenticationTagMismatch e) {
      assertThat(function).as(Ckr.name(code)).isEqualTo(CkFunction.DECRYPT);
      assertThat(BLAMED_ON_THE_CIPHERTEXT).as(Ckr.name(code)).contains(code);
    } catch (BackendException.KeyUnusable e) {
      assertThat(e.getMessage()).as("it names the reason").contains("CKR_KEY_");
    } catch (BackendException e) {
      assertThat(e)
          .as("%s from %s is worth another try later", Ckr.name(code), function.standardName())
          .isInstanceOfAny(
              BackendException.Unavailable.class,
              BackendException.TimedOut.class,
              BackendException.Misconfigured.class);
    }
  }
}
