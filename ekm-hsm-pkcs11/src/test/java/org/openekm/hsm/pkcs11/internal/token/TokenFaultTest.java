// SPDX-License-Identifier: Apache-2.0
package org.openekm.hsm.pkcs11.internal.token;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicReference;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.openekm.hsm.pkcs11.internal.cryptoki.CkFunction;
import org.openekm.hsm.pkcs11.internal.cryptoki.Ckr;
import org.openekm.hsm.pkcs11.internal.fake.FakeBehavior;
import org.openekm.hsm.pkcs11.internal.fake.FakeTokens;
import org.openekm.spi.backend.BackendException;
import org.openekm.spi.backend.KeyBackend;
import org.openekm.testkit.fake.ManualClock;

/** What is lost comes back, at once where it can, and never by storm. */
class TokenFaultTest {

  private final ManualClock clock = new ManualClock();
  private final AtomicReference<String> pin = new AtomicReference<>("1234");
  private final FakeTokens tokens = new FakeTokens(FakeBehavior.softHsm());
  private final KeyBackend backend = open();
  private final TokenProbe probe = new TokenProbe(backend);

  private KeyBackend open() {
    tokens.clock(clock);
    tokens.pin(pin::get);
    return tokens.open(IvMode.CALLER);
  }

  @AfterEach
  void close() {
    tokens.library().faults().release();
    backend.close();
    assertThat(tokens.library().faults().violations()).isEmpty();
    assertThat(tokens.library().openSessions()).as("sessions left open").isZero();
  }

  @Test
  void sessionsClosed_nextCallSucceeds_byOneLogin() {
    int before = count(CkFunction.LOGIN);
    tokens.library().loseSessions();

    probe.roundTrip();

    assertThat(count(CkFunction.LOGIN) - before).isEqualTo(1);
    assertThat(count(CkFunction.INITIALIZE)).isEqualTo(1);
  }

  @Test
  void loggedOut_nextCallSucceeds_byOneLogin() {
    int before = count(CkFunction.LOGIN);
    tokens.library().loseLogin();

    probe.roundTrip();

    assertThat(count(CkFunction.LOGIN) - before).isEqualTo(1);
    assertThat(count(CkFunction.INITIALIZE)).isEqualTo(1);
  }

  @Test
  void finalizedByOthers_nextCallSucceeds_byOneRestart() {
    tokens.library().loseInitialization();

    probe.roundTrip();

    assertThat(count(CkFunction.INITIALIZE)).isEqualTo(2);
  }

  @Test
  void deviceLost_nextCallSucceeds_byOneRestart() {
    tokens.library().loseDevice();

    probe.roundTrip();

    assertThat(count(CkFunction.INITIALIZE)).isEqualTo(2);
  }

  @Test
  void anyFault_beneathFourThreads_failsNoCallAndMixesNothingUp() throws Exception {
    List<Runnable> faults =
        List.of(
            tokens.library()::loseSessions,
            tokens.library()::loseLogin,
            tokens.library()::loseInitialization,
            tokens.library()::loseDevice);
    ExecutorService threads = Executors.newFixedThreadPool(FakeTokens.SESSIONS);
    try {
      for (int round = 0; round < 40; round++) {
        faults.get(round % faults.size()).run();
        clock.advance(Duration.ofSeconds(1));
        List<Future<?>> calls = new ArrayList<>();
        for (int i = 0; i < FakeTokens.SESSIONS * 2; i++) {
          calls.add(threads.submit(probe::roundTrip));
        }
        for (Future<?> call : calls) {
          call.get();
        }
      }
    } finally {
      threads.shutdownNow();
    }
  }

  @Test
  void tokenGone_callsFailAtOnce_andItIsTriedAtMostTwiceASecond() {
    tokens.library().token().present(false);
    tokens.library().loseDevice();
    int before = count(CkFunction.INITIALIZE);

    for (int tenth = 0; tenth < 100; tenth++) {
      assertThatThrownBy(probe::encrypt).isInstanceOf(BackendException.Unavailable.class);
      clock.advance(Duration.ofMillis(100));
    }

    assertThat(count(CkFunction.INITIALIZE) - before).isBetween(8, 21);
    assertThat(backend.check(TokenProbe.soon()).message()).contains("there is no token");
  }

  @Test
  void tokenBack_isUsedAgainWithinASecond() {
    tokens.library().token().present(false);
    tokens.library().loseDevice();
    assertThatThrownBy(probe::encrypt).isInstanceOf(BackendException.Unavailable.class);
    tokens.library().token().present(true);

    clock.advance(Duration.ofSeconds(1));

    probe.roundTrip();
  }

  @Test
  void tokenMadeAnew_keyIsMissing_afterOneRestartForAllItsCalls() {
    tokens.library().token().erase();
    int before = count(CkFunction.INITIALIZE);

    for (int i = 0; i < 20; i++) {
      clock.advance(Duration.ofSeconds(2));
      assertThatThrownBy(probe::encrypt).isInstanceOf(BackendException.KeyMissing.class);
    }

    assertThat(count(CkFunction.INITIALIZE) - before).isLessThanOrEqualTo(1);
  }

  @Test
  void wrongPin_isTriedOnce_untilItChanges() {
    pin.set("9999");
    tokens.library().loseSessions();

    for (int i = 0; i < 20; i++) {
      clock.advance(Duration.ofSeconds(2));
      assertThatThrownBy(probe::encrypt)
          .isInstanceOf(BackendException.Misconfigured.class)
          .hasMessageContaining("PIN")
          .hasMessageNotContaining("9999");
    }
    assertThat(tokens.library().token().wrongPins()).isEqualTo(1);

    pin.set("1234");
    clock.advance(Duration.ofSeconds(1));
    probe.roundTrip();
  }

  @Test
  void pinChangedOnTheToken_isReadAnewAtTheNextLogin() {
    tokens.library().token().pin("5678");
    pin.set("5678");
    tokens.library().loseSessions();

    probe.roundTrip();

    assertThat(tokens.library().token().wrongPins()).isZero();
  }

  @Test
  void lockedPin_isReportedWithItsCode() {
    tokens.library().loseSessions();
    tokens.library().faults().always(CkFunction.LOGIN, Ckr.PIN_LOCKED);

    assertThatThrownBy(probe::encrypt)
        .isInstanceOf(BackendException.Misconfigured.class)
        .hasMessageContaining("CKR_PIN_LOCKED");
    assertThat(count(CkFunction.LOGIN)).isEqualTo(2);
  }

  @Test
  void fewSessionsAllowed_callsTakeTurns() throws Exception {
    tokens.library().token().maxSessions(2);
    tokens.library().loseSessions();
    ExecutorService threads = Executors.newFixedThreadPool(FakeTokens.SESSIONS);
    try {
      List<Future<?>> calls = new ArrayList<>();
      for (int i = 0; i < 50; i++) {
        calls.add(threads.submit(probe::roundTrip));
      }
      for (Future<?> call : calls) {
        call.get();
      }
    } finally {
      threads.shutdownNow();
    }
    assertThat(tokens.library().openSessions()).isEqualTo(2);
  }

  @Test
  void logInLostUnderManyCalls_noSessionOfTheOldOneIsLeftBehind() throws Exception {
    ExecutorService threads = Executors.newFixedThreadPool(FakeTokens.SESSIONS);
    try {
      for (int round = 0; round < 300; round++) {
        clock.advance(Duration.ofSeconds(2));
        List<Future<?>> calls = new ArrayList<>();
        for (int i = 0; i < FakeTokens.SESSIONS; i++) {
          calls.add(threads.submit(probe::roundTrip));
        }
        tokens.library().loseLogin();
        for (Future<?> call : calls) {
          call.get();
        }
      }
    } finally {
      threads.shutdownNow();
    }
    int keeper = 1;
    assertThat(tokens.library().openSessions()).isLessThanOrEqualTo(FakeTokens.SESSIONS + keeper);
  }

  @Test
  void oneCallHangs_itsCallerGivesUpInTime_andOthersGoOn() {
    KeyBackend live = onRealClock();
    TokenProbe other = new TokenProbe(live);
    tokens.library().faults().hang(CkFunction.ENCRYPT);

    long began = System.nanoTime();
    assertThatThrownBy(() -> other.encrypt(TokenProbe.in(Duration.ofMillis(200))))
        .isInstanceOf(BackendException.TimedOut.class);
    assertThat(Duration.ofNanos(System.nanoTime() - began)).isLessThan(Duration.ofMillis(700));

    other.decrypt();
    tokens.library().faults().release();
    Awaitility.await().until(() -> tokens.library().faults().hanging() == 0);
    other.roundTrip();
    live.close();
  }

  @Test
  void allSessionsHang_callsAreRefusedAtOnce_andNothingIsRestartedBeneathThem() {
    KeyBackend live = onRealClock();
    TokenProbe other = new TokenProbe(live);
    tokens.library().faults().hang(CkFunction.ENCRYPT);
    while (tokens.library().faults().hanging() < FakeTokens.SESSIONS) {
      assertThatThrownBy(() -> other.encrypt(TokenProbe.in(Duration.ofMillis(50))))
          .isInstanceOf(BackendException.TimedOut.class);
    }

    Throwable refusal = catchThrowable(other::decrypt);

    assertThat(refusal)
        .isInstanceOf(BackendException.Unavailable.class)
        .hasMessageContaining("hang in the library");
    assertThat(live.check(TokenProbe.soon()).healthy()).isFalse();
    tokens.library().faults().release();
    Awaitility.await().until(() -> tokens.library().faults().hanging() == 0);
    other.roundTrip();
    live.close();
  }

  @Test
  void wrongTag_onATokenWithOneCodeForAll_isAMismatchAndKeepsTheSession() {
    int before = count(CkFunction.OPEN_SESSION);
    for (int i = 0; i < 20; i++) {
      assertThatThrownBy(probe::decryptTampered)
          .isInstanceOf(BackendException.AuthenticationTagMismatch.class);
    }

    assertThat(count(CkFunction.OPEN_SESSION) - before).isLessThan(FakeTokens.SESSIONS);
  }

  @Test
  void sameCode_fromASickDevice_isNoMismatch() {
    tokens.library().faults().next(CkFunction.DECRYPT, Ckr.GENERAL_ERROR);
    tokens.library().faults().next(CkFunction.GENERATE_RANDOM, Ckr.DEVICE_ERROR);

    probe.decrypt();

    assertThat(count(CkFunction.INITIALIZE)).as("the library was restarted").isEqualTo(2);
  }

  @Test
  void failures_areCountedByFunctionAndName() {
    tokens.library().faults().next(CkFunction.ENCRYPT_INIT, Ckr.DEVICE_ERROR);
    probe.encrypt();

    assertThat(backend.check(TokenProbe.soon()).message())
        .contains("1 x C_EncryptInit CKR_DEVICE_ERROR")
        .contains("1 restarts");
  }

  private KeyBackend onRealClock() {
    tokens.clock(org.openekm.api.NanoClock.system());
    return tokens.open(IvMode.CALLER);
  }

  private int count(CkFunction function) {
    return tokens.library().faults().count(function);
  }
}
