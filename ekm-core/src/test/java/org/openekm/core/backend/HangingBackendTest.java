// SPDX-License-Identifier: Apache-2.0
package org.openekm.core.backend;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import java.time.Duration;
import java.util.UUID;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.openekm.api.Bytes;
import org.openekm.api.Deadline;
import org.openekm.api.DecryptRequest.Sealed;
import org.openekm.api.KeyVersionId;
import org.openekm.api.NanoClock;
import org.openekm.api.SecretBytes;
import org.openekm.core.backend.ResilienceConfig.Threading;
import org.openekm.spi.CheckResult;
import org.openekm.spi.backend.BackendCiphertext;
import org.openekm.spi.backend.BackendException;
import org.openekm.spi.backend.BackendException.TimedOut;
import org.openekm.spi.backend.BackendException.Unavailable;
import org.openekm.spi.backend.BackendKeyInfo;
import org.openekm.spi.backend.BackendKeyRef;
import org.openekm.spi.backend.Capabilities;
import org.openekm.spi.backend.KeyBackend;
import org.openekm.spi.backend.NewKey;
import org.openekm.testkit.fake.BackendFault;
import org.openekm.testkit.fake.FakeKeyBackend;
import org.openekm.testkit.fake.FaultyKeyBackend;
import org.openekm.testkit.fake.FaultyKeyBackend.Call;
import org.openekm.testkit.fake.RecordingListener;

/** The guard with threads of its own in front of a device that hangs, in real time. */
@Timeout(60)
class HangingBackendTest {

  private static final int LIMIT = 3;
  private static final Duration TIMEOUT = Duration.ofMillis(500);

  private final RecordingListener listener = new RecordingListener();
  private final FaultyKeyBackend faulty = new FaultyKeyBackend(new FakeKeyBackend());
  private final Recorder recorder = new Recorder(faulty);
  private final ThreadPoolExecutor pool = (ThreadPoolExecutor) Executors.newCachedThreadPool();
  private final ResilientKeyBackend backend = guard(recorder);
  private BackendKeyRef key;

  @BeforeEach
  void makeKey() {
    key = backend.generateKey(new NewKey(new KeyVersionId(UUID.randomUUID()), "test", 32), soon());
  }

  @AfterEach
  void stop() {
    faulty.heal();
    pool.shutdownNow();
  }

  @Test
  void encrypt_backendHangs_givesUpInTimeAndCountsTheStuckThread() {
    faulty.fail(Call.ENCRYPT, BackendFault.hang());
    long startedAt = System.nanoTime();

    assertThatThrownBy(this::encrypt).isInstanceOf(TimedOut.class);

    assertThat(Duration.ofNanos(System.nanoTime() - startedAt)).isLessThan(Duration.ofSeconds(5));
    assertThat(backend.stuckCalls()).isEqualTo(1);
    assertThat(listener.warningCodes()).containsExactly("backend-stuck");
  }

  @Test
  void encrypt_everyCallHangs_laterOnesFailAtOnceAndNoMoreThreadsAreTaken() {
    faulty.fail(Call.ENCRYPT, BackendFault.hang());
    for (int i = 0; i < LIMIT; i++) {
      assertThatThrownBy(this::encrypt).isInstanceOf(TimedOut.class);
    }

    for (int i = 0; i < 50; i++) {
      assertThatThrownBy(this::encrypt)
          .isInstanceOfSatisfying(Unavailable.class, e -> assertThat(e.retryable()).isTrue())
          .hasMessageContaining(LIMIT + " of them hang");
    }
    assertThat(faulty.hanging()).isEqualTo(LIMIT);
    assertThat(pool.getLargestPoolSize()).isLessThanOrEqualTo(LIMIT + 1);
    assertThat(backend.check(soon()).healthy()).isFalse();
  }

  @Test
  void encrypt_hangEnds_capacityComesBack() {
    faulty.failNext(Call.ENCRYPT, LIMIT, BackendFault.hang());
    for (int i = 0; i < LIMIT; i++) {
      assertThatThrownBy(this::encrypt).isInstanceOf(TimedOut.class);
    }
    faulty.release();

    await().until(() -> backend.stuckCalls() == 0);
    assertThat(encrypt().iv().length()).isEqualTo(12);
    assertThat(backend.check(soon()).message()).doesNotContain("hang");
  }

  @Test
  void decrypt_resultComesTooLate_isWiped() {
    BackendCiphertext sealed = encrypt();
    faulty.fail(Call.DECRYPT, BackendFault.hang());

    assertThatThrownBy(() -> decrypt(sealed)).isInstanceOf(TimedOut.class);
    faulty.release();

    await().until(() -> recorder.decrypted.get() != null && recorder.decrypted.get().isDestroyed());
    assertThat(backend.stuckCalls()).isZero();
  }

  @Test
  void encrypt_callerDestroysItsPlaintextAfterGivingUp_isNotBlockedAndTheCopyIsWiped() {
    SecretBytes plaintext = SecretBytes.copyOf(new byte[] {1, 2, 3, 4});
    faulty.fail(Call.ENCRYPT, BackendFault.hang());

    assertThatThrownBy(() -> backend.encrypt(key, plaintext, Bytes.empty(), soon()))
        .isInstanceOf(TimedOut.class);
    plaintext.destroy();
    assertThat(recorder.plaintext.get()).isNotSameAs(plaintext);
    assertThat(recorder.plaintext.get().isDestroyed()).isFalse();
    faulty.release();

    await().until(() -> recorder.plaintext.get().isDestroyed());
  }

  @Test
  void encrypt_noThreadFree_failsAtOnceAndGivesItsPlaceBack() {
    ResilientKeyBackend busy =
        new ResilientKeyBackend(
            "hsm",
            faulty,
            config(),
            new BackendRuntime(
                task -> {
                  throw new RejectedExecutionException("full");
                },
                NanoClock.system(),
                listener));

    for (int i = 0; i < 2 * LIMIT; i++) {
      assertThatThrownBy(
              () -> busy.encrypt(key, SecretBytes.copyOf(new byte[1]), Bytes.empty(), soon()))
          .hasMessageContaining("no thread was free");
    }
  }

  @Test
  void encrypt_executorStartsTooLate_theCallIsNeverMade() {
    AtomicReference<Runnable> parked = new AtomicReference<>();
    ResilientKeyBackend slow =
        new ResilientKeyBackend(
            "hsm", faulty, config(), new BackendRuntime(parked::set, NanoClock.system(), listener));
    long callsBefore = faulty.calls(Call.ENCRYPT);

    assertThatThrownBy(
            () -> slow.encrypt(key, SecretBytes.copyOf(new byte[1]), Bytes.empty(), soon()))
        .isInstanceOf(TimedOut.class);
    parked.get().run();

    assertThat(faulty.calls(Call.ENCRYPT)).isEqualTo(callsBefore);
    assertThat(slow.stuckCalls()).isZero();
  }

  @Test
  void encrypt_callerInterrupted_givesUpAndStaysInterrupted() {
    faulty.fail(Call.ENCRYPT, BackendFault.hang());
    Thread.currentThread().interrupt();

    assertThatThrownBy(this::encrypt).isInstanceOf(BackendException.class);
    assertThat(Thread.interrupted()).isTrue();
  }

  @Test
  void encrypt_manyHangs_openTheBreaker() {
    ResilientKeyBackend roomy =
        new ResilientKeyBackend(
            "hsm",
            faulty,
            config()
                .withMaxConcurrentCalls(16)
                .withCallTimes(Duration.ofMillis(10), Duration.ofMillis(5)),
            new BackendRuntime(pool, NanoClock.system(), listener));
    faulty.fail(Call.ENCRYPT, BackendFault.hang());
    for (int i = 0; i < 10; i++) {
      assertThatThrownBy(
              () -> roomy.encrypt(key, SecretBytes.copyOf(new byte[1]), Bytes.empty(), soon()))
          .isInstanceOf(TimedOut.class);
    }

    assertThatThrownBy(
            () -> roomy.encrypt(key, SecretBytes.copyOf(new byte[1]), Bytes.empty(), soon()))
        .hasMessageContaining("failed too often lately");
  }

  private ResilientKeyBackend guard(KeyBackend delegate) {
    return new ResilientKeyBackend(
        "hsm", delegate, config(), new BackendRuntime(pool, NanoClock.system(), listener));
  }

  private static ResilienceConfig config() {
    return ResilienceConfig.defaults(Threading.POOL)
        .withMaxConcurrentCalls(LIMIT)
        .withCallTimes(TIMEOUT, TIMEOUT);
  }

  private BackendCiphertext encrypt() {
    try (SecretBytes plaintext = SecretBytes.copyOf(new byte[] {1, 2, 3, 4})) {
      return backend.encrypt(key, plaintext, Bytes.empty(), soon());
    }
  }

  private SecretBytes decrypt(BackendCiphertext sealed) {
    return backend.decrypt(
        key, new Sealed(sealed.iv(), sealed.ciphertext(), sealed.tag()), Bytes.empty(), soon());
  }

  private static Deadline soon() {
    return Deadline.after(Duration.ofSeconds(30), NanoClock.system());
  }

  /** Remembers what goes in and comes out of the device. */
  private record Recorder(
      KeyBackend device,
      AtomicReference<SecretBytes> plaintext,
      AtomicReference<SecretBytes> decrypted)
      implements KeyBackend {

    private Recorder(KeyBackend device) {
      this(device, new AtomicReference<>(), new AtomicReference<>());
    }

    @Override
    public Capabilities capabilities() {
      return device.capabilities();
    }

    @Override
    public BackendCiphertext encrypt(
        BackendKeyRef ref, SecretBytes input, Bytes aad, Deadline deadline) {
      plaintext.set(input);
      return device.encrypt(ref, input, aad, deadline);
    }

    @Override
    public SecretBytes decrypt(BackendKeyRef ref, Sealed sealed, Bytes aad, Deadline deadline) {
      // A device that hangs does not look at the clock afterwards.
      SecretBytes result = device.decrypt(ref, sealed, aad, soon());
      decrypted.set(result);
      return result;
    }

    @Override
    public BackendKeyRef generateKey(NewKey newKey, Deadline deadline) {
      return device.generateKey(newKey, deadline);
    }

    @Override
    public BackendKeyInfo inspectKey(BackendKeyRef ref, Deadline deadline) {
      return device.inspectKey(ref, deadline);
    }

    @Override
    public CheckResult check(Deadline deadline) {
      return device.check(deadline);
    }

    @Override
    public void close() {
      device.close();
    }
  }
}
