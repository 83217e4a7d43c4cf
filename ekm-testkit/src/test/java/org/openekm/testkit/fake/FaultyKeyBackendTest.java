// SPDX-License-Identifier: Apache-2.0
package org.openekm.testkit.fake;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.openekm.api.Bytes;
import org.openekm.api.Deadline;
import org.openekm.api.DecryptRequest.Sealed;
import org.openekm.api.NanoClock;
import org.openekm.api.SecretBytes;
import org.openekm.spi.backend.BackendCiphertext;
import org.openekm.spi.backend.BackendException;
import org.openekm.spi.backend.BackendKeyRef;
import org.openekm.testkit.fake.FaultyKeyBackend.Call;

class FaultyKeyBackendTest {

  private static final BackendKeyRef KEY = new BackendKeyRef("k");
  private static final SecretBytes PLAINTEXT = SecretBytes.adopt(new byte[32]);

  private final FakeKeyBackend real = new FakeKeyBackend();
  private final FaultyKeyBackend faulty = new FaultyKeyBackend(real);

  FaultyKeyBackendTest() {
    real.putKey(KEY, TestKeys.aes(32));
  }

  @AfterEach
  void letGo() {
    faulty.close();
  }

  @Test
  void failNth_strikesThatCallOnly() {
    faulty.failNth(Call.ENCRYPT, 2, BackendFault.unavailable(true));

    assertThat(encrypt(soon())).isNotNull();
    assertThatThrownBy(() -> encrypt(soon()))
        .isInstanceOfSatisfying(
            BackendException.Unavailable.class, e -> assertThat(e.retryable()).isTrue());
    assertThat(encrypt(soon())).isNotNull();
    assertThat(faulty.calls(Call.ENCRYPT)).isEqualTo(3);
  }

  @Test
  void failNext_countsFromTheCallsAlreadyMade() {
    encrypt(soon());
    faulty.failNext(
        Call.ENCRYPT,
        2,
        BackendFault.throwing(() -> new BackendException.KeyMissing("gone", null)));

    assertThatThrownBy(() -> encrypt(soon())).isInstanceOf(BackendException.KeyMissing.class);
    assertThatThrownBy(() -> encrypt(soon())).isInstanceOf(BackendException.KeyMissing.class);
    assertThat(encrypt(soon())).isNotNull();
  }

  @Test
  void failEverything_untilHealed() {
    faulty.failEverything(BackendFault.unavailable(false));

    assertThat(faulty.check(soon()).healthy()).isFalse();
    assertThatThrownBy(() -> faulty.inspectKey(KEY, soon()))
        .isInstanceOf(BackendException.Unavailable.class);
    faulty.heal();
    assertThat(faulty.check(soon()).healthy()).isTrue();
  }

  @Test
  void hang_endsWithRelease() {
    faulty.fail(Call.ENCRYPT, BackendFault.hang());
    CompletableFuture<BackendCiphertext> call =
        CompletableFuture.supplyAsync(() -> encrypt(soon()));
    await().until(() -> faulty.hanging() == 1);
    assertThat(call).isNotDone();

    faulty.release();

    assertThat(call).succeedsWithin(Duration.ofSeconds(5));
    assertThat(faulty.hanging()).isZero();
  }

  @Test
  void hang_ignoresInterrupts() {
    faulty.fail(Call.ENCRYPT, BackendFault.hang());
    CompletableFuture<Boolean> interrupted = new CompletableFuture<>();
    Thread caller =
        new Thread(
            () -> {
              encrypt(soon());
              interrupted.complete(Thread.currentThread().isInterrupted());
            });
    caller.start();
    await().until(() -> faulty.hanging() == 1);

    caller.interrupt();

    assertThat(interrupted).isNotDone();
    faulty.release();
    assertThat(interrupted).succeedsWithin(Duration.ofSeconds(5)).isEqualTo(true);
  }

  @Test
  void delay_longerThanTheDeadline_timesOutAtTheDeadline() {
    faulty.fail(Call.ENCRYPT, BackendFault.delay(Duration.ofMinutes(5)));
    Deadline deadline = Deadline.after(Duration.ofMillis(50), NanoClock.system());

    assertThatThrownBy(() -> encrypt(deadline)).isInstanceOf(BackendException.TimedOut.class);
    assertThat(deadline.expired()).isTrue();
  }

  @Test
  void hangFor_goesOnAfterTheTime() {
    faulty.fail(Call.DECRYPT, BackendFault.hangFor(Duration.ofMillis(30)));
    BackendCiphertext sealed = encrypt(soon());
    long start = System.nanoTime();

    assertThat(faulty.decrypt(KEY, parts(sealed), Bytes.empty(), soon())).isEqualTo(PLAINTEXT);
    assertThat(System.nanoTime() - start).isGreaterThanOrEqualTo(30_000_000L);
  }

  @Test
  void takes_movesTheManualClock() {
    ManualClock clock = new ManualClock();
    faulty.fail(Call.ENCRYPT, BackendFault.takes(Duration.ofMillis(300), clock));

    encrypt(Deadline.after(Duration.ofSeconds(1), clock));

    assertThat(clock.nanos()).isEqualTo(300_000_000L);
  }

  @Test
  void resultFaults_changeWhatTheirNameSays() {
    faulty.failNth(Call.ENCRYPT, 1, BackendFault.zeroIv());
    faulty.failNth(Call.ENCRYPT, 2, BackendFault.truncatedTag());
    faulty.failNth(Call.ENCRYPT, 3, BackendFault.wrongCiphertextLength());
    faulty.failNth(Call.ENCRYPT, 4, BackendFault.flippedTagBit());
    faulty.failNth(Call.ENCRYPT, 5, BackendFault.longIv());
    faulty.fail(Call.RANDOM_BYTES, BackendFault.tooFewRandomBytes());

    assertThat(encrypt(soon()).iv().toByteArray()).containsOnly(0).hasSize(12);
    assertThat(encrypt(soon()).tag().length()).isEqualTo(12);
    assertThat(encrypt(soon()).ciphertext().length()).isEqualTo(33);
    BackendCiphertext flipped = encrypt(soon());
    assertThatThrownBy(() -> faulty.decrypt(KEY, parts(flipped), Bytes.empty(), soon()))
        .isInstanceOf(BackendException.AuthenticationTagMismatch.class);
    assertThat(encrypt(soon()).iv().length()).isEqualTo(16);
    assertThat(faulty.randomBytes(32, soon()).length()).isEqualTo(31);
  }

  @Test
  void fail_withAFaultOfAnotherCall_isRefused() {
    assertThatThrownBy(() -> faulty.fail(Call.DECRYPT, BackendFault.zeroIv()))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("zero IV");
  }

  private BackendCiphertext encrypt(Deadline deadline) {
    return faulty.encrypt(KEY, PLAINTEXT, Bytes.empty(), deadline);
  }

  private static Deadline soon() {
    return Deadline.after(Duration.ofSeconds(5), NanoClock.system());
  }

  private static Sealed parts(BackendCiphertext sealed) {
    return new Sealed(sealed.iv(), sealed.ciphertext(), sealed.tag());
  }
}
