// SPDX-License-Identifier: Apache-2.0
package org.openekm.core.backend;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.UUID;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.openekm.api.Bytes;
import org.openekm.api.Deadline;
import org.openekm.api.DecryptRequest.Sealed;
import org.openekm.api.EkmErrorCode;
import org.openekm.api.EkmException;
import org.openekm.api.KeyVersionId;
import org.openekm.api.SecretBytes;
import org.openekm.core.backend.ResilienceConfig.Threading;
import org.openekm.spi.backend.BackendCiphertext;
import org.openekm.spi.backend.BackendException;
import org.openekm.spi.backend.BackendException.AuthenticationTagMismatch;
import org.openekm.spi.backend.BackendException.KeyMissing;
import org.openekm.spi.backend.BackendException.Misconfigured;
import org.openekm.spi.backend.BackendException.TimedOut;
import org.openekm.spi.backend.BackendException.Unavailable;
import org.openekm.spi.backend.BackendKeyRef;
import org.openekm.spi.backend.NewKey;
import org.openekm.testkit.fake.BackendFault;
import org.openekm.testkit.fake.FakeKeyBackend;
import org.openekm.testkit.fake.FaultyKeyBackend;
import org.openekm.testkit.fake.FaultyKeyBackend.Call;
import org.openekm.testkit.fake.ManualClock;
import org.openekm.testkit.fake.RecordingListener;

/** The guard on the caller's own thread, with a clock that moves when told to. */
@Timeout(60)
class ResilientKeyBackendTest {

  private static final Bytes AAD = Bytes.empty();

  private final ManualClock clock = new ManualClock();
  private final RecordingListener listener = new RecordingListener();
  private final FakeKeyBackend device = new FakeKeyBackend();
  private final FaultyKeyBackend faulty = new FaultyKeyBackend(device);
  private final ResilientKeyBackend backend =
      new ResilientKeyBackend(
          "hsm",
          faulty,
          ResilienceConfig.defaults(Threading.CALLER),
          new BackendRuntime(
              task -> {
                throw new AssertionError("no hand-over expected");
              },
              clock,
              listener));
  private BackendKeyRef key;

  @BeforeEach
  void makeKey() {
    key = backend.generateKey(newKey(), soon());
  }

  @Test
  void everyCall_healthyBackend_goesThrough() {
    BackendCiphertext sealed = encrypt();
    try (SecretBytes opened = decrypt(sealed);
        SecretBytes random = backend.randomBytes(32, soon());
        SecretBytes material = SecretBytes.copyOf(new byte[32])) {
      assertThat(opened.length()).isEqualTo(4);
      assertThat(random.length()).isEqualTo(32);
      assertThat(backend.importKey(newKey(), material, soon())).isNotEqualTo(key);
    }
    assertThat(backend.inspectKey(key, soon()).lengthBytes()).isEqualTo(32);
    assertThat(backend.check(soon()).healthy()).isTrue();
    assertThat(backend.capabilities()).isEqualTo(device.capabilities());
    backend.destroyKey(key, soon());
    assertThat(device.keyCount()).isEqualTo(1);
    assertThat(listener.backendCalls()).extracting("outcome").containsOnly("ok");
    assertThat(listener.backendCalls())
        .extracting("call")
        .containsExactly(
            "generate-key",
            "encrypt",
            "decrypt",
            "random",
            "import-key",
            "inspect-key",
            "check",
            "destroy-key");
  }

  @Test
  void encrypt_errorBurst_opensTheBreakerAndTheDeviceIsLeftAlone() {
    faulty.fail(Call.ENCRYPT, BackendFault.unavailable(true));
    for (int i = 0; i < 20; i++) {
      assertThatThrownBy(this::encrypt).isInstanceOf(Unavailable.class);
    }
    long callsBefore = faulty.calls(Call.ENCRYPT);

    assertThatThrownBy(this::encrypt)
        .isInstanceOf(Unavailable.class)
        .hasMessageContaining("failed too often lately");
    assertThat(faulty.calls(Call.ENCRYPT)).isEqualTo(callsBefore).isLessThan(20);
    assertThat(backend.check(soon()).healthy()).isFalse();
    assertThat(listener.breakerStates()).extracting("state").containsExactly("CLOSED", "OPEN");
    assertThat(listener.backendCalls()).extracting("outcome").contains("unavailable", "refused");
  }

  @Test
  void encrypt_deviceHealed_closesTheBreakerAfterTrialCalls() {
    openBreaker();
    faulty.heal();
    clock.advance(Duration.ofMillis(1_100));

    for (int i = 0; i < 3; i++) {
      encrypt();
    }

    assertThat(listener.breakerStates())
        .extracting("state")
        .containsExactly("CLOSED", "OPEN", "HALF_OPEN", "CLOSED");
  }

  @Test
  void encrypt_deviceStillBroken_opensTheBreakerAgainAfterTrialCalls() {
    openBreaker();
    clock.advance(Duration.ofMillis(1_100));
    long callsBefore = faulty.calls(Call.ENCRYPT);
    for (int i = 0; i < 10; i++) {
      assertThatThrownBy(this::encrypt).isInstanceOf(Unavailable.class);
    }

    assertThat(faulty.calls(Call.ENCRYPT) - callsBefore).isEqualTo(3);
    assertThat(listener.breakerStates())
        .extracting("state")
        .containsExactly("CLOSED", "OPEN", "HALF_OPEN", "OPEN");
  }

  @Test
  void check_breakerOpenAndNoTraffic_closesItByItself() {
    openBreaker();
    faulty.heal();
    clock.advance(Duration.ofMillis(1_100));

    assertThat(backend.check(soon()).healthy()).isFalse();
    assertThat(backend.check(soon()).healthy()).isFalse();
    assertThat(backend.check(soon()).healthy()).isTrue();
  }

  @Test
  void check_deviceReportsTrouble_isBad() {
    faulty.fail(Call.CHECK, BackendFault.unavailable(false));

    assertThat(backend.check(soon()).healthy()).isFalse();
  }

  @Test
  void decrypt_manyForgedTags_neverOpenTheBreaker() {
    BackendCiphertext sealed = encrypt();
    BackendCiphertext forged =
        new BackendCiphertext(sealed.iv(), sealed.ciphertext(), Bytes.copyOf(new byte[16]));
    for (int i = 0; i < 200; i++) {
      assertThatThrownBy(() -> decrypt(forged)).isInstanceOf(AuthenticationTagMismatch.class);
    }

    decrypt(sealed).close();
    assertThat(listener.breakerStates()).extracting("state").containsExactly("CLOSED");
  }

  @Test
  void decrypt_forgedTagWhileTrying_givesTheTrialBack() {
    BackendCiphertext sealed = encrypt();
    openBreaker();
    faulty.heal();
    clock.advance(Duration.ofMillis(1_100));
    BackendCiphertext forged =
        new BackendCiphertext(sealed.iv(), sealed.ciphertext(), Bytes.copyOf(new byte[16]));
    for (int i = 0; i < 10; i++) {
      assertThatThrownBy(() -> decrypt(forged)).isInstanceOf(AuthenticationTagMismatch.class);
    }

    for (int i = 0; i < 3; i++) {
      encrypt();
    }
    assertThat(listener.breakerStates()).extracting("state").endsWith("HALF_OPEN", "CLOSED");
  }

  @Test
  void encrypt_missingKeyAndWrongSettings_doNotCountAgainstTheDevice() {
    for (int i = 0; i < 100; i++) {
      assertThatThrownBy(
              () -> {
                try (SecretBytes plaintext = SecretBytes.copyOf(new byte[1])) {
                  backend.encrypt(new BackendKeyRef("none"), plaintext, AAD, soon());
                }
              })
          .isInstanceOf(KeyMissing.class);
    }
    faulty.failNext(
        Call.ENCRYPT, 100, BackendFault.throwing(() -> new Misconfigured("wrong PIN", null)));
    for (int i = 0; i < 100; i++) {
      assertThatThrownBy(this::encrypt).isInstanceOf(Misconfigured.class);
    }

    encrypt();
    assertThat(listener.breakerStates()).hasSize(1);
  }

  @Test
  void encrypt_slowTail_opensTheBreakerAlthoughNothingFails() {
    faulty.fail(Call.ENCRYPT, BackendFault.takes(Duration.ofMillis(450), clock));
    for (int i = 0; i < 9; i++) {
      encrypt();
    }

    assertThatThrownBy(this::encrypt).isInstanceOf(Unavailable.class);
    assertThat(listener.breakerStates()).extracting("state").containsExactly("CLOSED", "OPEN");
  }

  @Test
  void encrypt_answerAfterTheDeadline_isTimedOut() {
    faulty.fail(Call.ENCRYPT, BackendFault.takes(Duration.ofMillis(700), clock));

    assertThatThrownBy(this::encrypt).isInstanceOf(TimedOut.class);
  }

  @Test
  void encrypt_deadlinePassed_neverReachesTheDevice() {
    Deadline past = Deadline.after(Duration.ZERO, clock);

    assertThatThrownBy(() -> backend.encrypt(key, SecretBytes.copyOf(new byte[1]), AAD, past))
        .isInstanceOf(TimedOut.class);
    assertThat(faulty.calls(Call.ENCRYPT)).isZero();
  }

  @Test
  void encrypt_zeroIv_isNotGivenOut() {
    assertBadAnswer(BackendFault.zeroIv(), "IV of zeros");
  }

  @Test
  void encrypt_longIv_isNotGivenOut() {
    assertBadAnswer(BackendFault.longIv(), "IV of 16 bytes instead of 12");
  }

  @Test
  void encrypt_truncatedTag_isNotGivenOut() {
    assertBadAnswer(BackendFault.truncatedTag(), "tag of 12 bytes instead of 16");
  }

  @Test
  void encrypt_wrongCiphertextLength_isNotGivenOut() {
    assertBadAnswer(BackendFault.wrongCiphertextLength(), "ciphertext of 5 bytes instead of 4");
  }

  @Test
  void encrypt_sameIvTwice_isNotGivenOut() {
    java.security.SecureRandom stuck =
        new java.security.SecureRandom() {
          @Override
          public void nextBytes(byte[] bytes) {
            java.util.Arrays.fill(bytes, (byte) 7);
          }
        };
    FakeKeyBackend broken = new FakeKeyBackend(FakeKeyBackend.fullCapabilities(), stuck);
    ResilientKeyBackend guarded =
        new ResilientKeyBackend(
            "hsm",
            broken,
            ResilienceConfig.defaults(Threading.CALLER),
            new BackendRuntime(Runnable::run, clock, listener));
    BackendKeyRef brokenKey = guarded.generateKey(newKey(), soon());
    BackendKeyRef other = guarded.generateKey(newKey(), soon());
    try (SecretBytes plaintext = SecretBytes.copyOf(new byte[4])) {
      guarded.encrypt(brokenKey, plaintext, AAD, soon());
      guarded.encrypt(other, plaintext, AAD, soon());

      assertThatThrownBy(() -> guarded.encrypt(other, plaintext, AAD, soon()))
          .isInstanceOf(EkmException.class)
          .hasMessageContaining("same IV twice");
    }
  }

  @Test
  void randomBytes_tooFew_areNotGivenOut() {
    faulty.fail(Call.RANDOM_BYTES, BackendFault.tooFewRandomBytes());

    assertThatThrownBy(() -> backend.randomBytes(16, soon()))
        .isInstanceOfSatisfying(
            EkmException.class, e -> assertThat(e.code()).isEqualTo(EkmErrorCode.INTERNAL));
  }

  @ParameterizedTest
  @EnumSource(
      value = Call.class,
      names = {"ENCRYPT", "DECRYPT", "RANDOM_BYTES", "INSPECT_KEY", "DESTROY_KEY"})
  void everyCall_backendThrowsSomethingElse_becomesUnavailable(Call call) {
    faulty.fail(
        call,
        BackendFault.throwing(
            () -> {
              throw new ClassCastException("bug in a driver, secret=hunter2");
            }));

    assertThatThrownBy(() -> make(call))
        .isInstanceOf(Unavailable.class)
        .hasMessageContaining("java.lang.ClassCastException")
        .hasMessageNotContaining("hunter2");
  }

  @Test
  void defaults_valuesOutOfRange_areRefused() {
    ResilienceConfig good = ResilienceConfig.defaults(Threading.POOL);

    assertThatThrownBy(() -> good.withMaxConcurrentCalls(0))
        .hasMessageContaining("maxConcurrentCalls");
    assertThatThrownBy(() -> good.withOpenTime(Duration.ZERO)).hasMessageContaining("openTime");
    assertThatThrownBy(() -> good.withCallTimes(Duration.ZERO, Duration.ofMillis(1)))
        .hasMessageContaining("callTimeout");
  }

  private void make(Call call) {
    switch (call) {
      case ENCRYPT -> encrypt();
      case DECRYPT -> decrypt(new BackendCiphertext(Bytes.empty(), Bytes.empty(), Bytes.empty()));
      case RANDOM_BYTES -> backend.randomBytes(1, soon());
      case INSPECT_KEY -> backend.inspectKey(key, soon());
      default -> backend.destroyKey(key, soon());
    }
  }

  private void assertBadAnswer(BackendFault fault, String what) {
    faulty.fail(Call.ENCRYPT, fault);

    assertThatThrownBy(this::encrypt)
        .isInstanceOfSatisfying(
            EkmException.class, e -> assertThat(e.code()).isEqualTo(EkmErrorCode.INTERNAL))
        .hasMessageContaining(what)
        .hasMessageContaining("nothing was given out");
    assertThat(listener.backendCalls()).extracting("outcome").contains("bad-answer");
  }

  private void openBreaker() {
    faulty.fail(Call.ENCRYPT, BackendFault.unavailable(true));
    for (int i = 0; i < 20; i++) {
      assertThatThrownBy(this::encrypt).isInstanceOf(BackendException.class);
    }
  }

  private BackendCiphertext encrypt() {
    try (SecretBytes plaintext = SecretBytes.copyOf(new byte[] {1, 2, 3, 4})) {
      return backend.encrypt(key, plaintext, AAD, soon());
    }
  }

  private SecretBytes decrypt(BackendCiphertext sealed) {
    return backend.decrypt(
        key, new Sealed(sealed.iv(), sealed.ciphertext(), sealed.tag()), AAD, soon());
  }

  private Deadline soon() {
    return Deadline.after(Duration.ofSeconds(10), clock);
  }

  private static NewKey newKey() {
    return new NewKey(new KeyVersionId(UUID.randomUUID()), "test", 32);
  }
}
