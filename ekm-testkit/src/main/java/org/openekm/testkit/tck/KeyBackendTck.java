// SPDX-License-Identifier: Apache-2.0
package org.openekm.testkit.tck;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.openekm.api.Bytes;
import org.openekm.api.DecryptRequest.Sealed;
import org.openekm.api.SecretBytes;
import org.openekm.spi.CheckResult;
import org.openekm.spi.backend.BackendCiphertext;
import org.openekm.spi.backend.BackendException;
import org.openekm.spi.backend.BackendException.AuthenticationTagMismatch;
import org.openekm.spi.backend.BackendException.TimedOut;
import org.openekm.spi.backend.BackendFeature;
import org.openekm.spi.backend.BackendKeyRef;
import org.openekm.spi.backend.KeyBackend;

/**
 * The contract of {@link KeyBackend} as tests. Extend it and say how a backend is opened:
 *
 * <pre>{@code
 * class AcmeKeyBackendTest extends KeyBackendTck {
 *   @Override
 *   protected KeyBackend createBackend() {
 *     return new AcmeKeyBackend(testDevice);
 *   }
 * }
 * }</pre>
 *
 * <p>The other hooks have defaults: {@code callBudget()} for a slow device, {@code preparedKeys()}
 * for a backend that makes no keys, {@code missingKey()} and {@code unusableKey()} for references
 * of a special form, {@code ivRunLength()} for the length of the search for repeated IVs.
 *
 * <p>What the backend's capabilities leave out is not tried, or tried to be refused. Each test may
 * take two minutes; annotate your class with {@code @Timeout} to change that. The device is left as
 * it was found, provided that keys can be destroyed.
 */
@Timeout(value = 120, unit = TimeUnit.SECONDS, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
public abstract class KeyBackendTck extends KeyBackendKeyContract {

  private static final int MOST_THREADS = 16;
  private static final int ROUNDS = 50;

  @Test
  protected void randomBytes_haveExactlyTheAskedLength() {
    assumeFeature(BackendFeature.RANDOM_BYTES);
    for (int length : new int[] {1, 2, 12, 16, 31, 32, 33, 48, 64, 255, 256, 1000, 1024}) {
      try (SecretBytes random = backend().randomBytes(length, soon())) {
        assertThat(random.length()).isEqualTo(length);
        assertThat(random.isDestroyed()).isFalse();
      }
    }
  }

  @Test
  protected void randomBytes_lookRandomAndNeverRepeat() {
    assumeFeature(BackendFeature.RANDOM_BYTES);
    Set<Bytes> seen = new HashSet<>();
    for (int i = 0; i < 50; i++) {
      try (SecretBytes random = backend().randomBytes(1024, soon())) {
        byte[] bytes = random.toByteArray();
        seen.add(Bytes.copyOf(bytes, 0, 16));
        seen.add(Bytes.copyOf(bytes, 1008, 16));
        long values = new HashSet<>(Arrays.asList(boxed(bytes))).size();
        assertThat(values).as("different byte values among 1024").isGreaterThan(200);
      }
    }
    assertThat(seen).as("16-byte pieces that don't repeat").hasSize(100);
  }

  @Test
  protected void randomBytes_belongToTheCaller() {
    assumeFeature(BackendFeature.RANDOM_BYTES);
    SecretBytes first = backend().randomBytes(32, soon());
    first.destroy();

    try (SecretBytes second = backend().randomBytes(32, soon())) {
      assertThat(second.isDestroyed()).isFalse();
      assertThat(second.toByteArray()).isNotEqualTo(new byte[32]);
    }
  }

  @Test
  protected void encryptAndDecrypt_deadlinePassed_endInTimeWithSuccessOrTimedOut() {
    BackendKeyRef key = someKey();
    Sealed made = parts(encrypt(key, randomArray(usualLength()), new byte[0]));
    SecretBytes plaintext = secret(usualLength());

    assertInTime("encrypt", () -> backend().encrypt(key, plaintext, Bytes.empty(), passed()));
    assertInTime("decrypt", () -> backend().decrypt(key, made, Bytes.empty(), passed()));

    assertThat(decrypt(key, made, new byte[0]))
        .as("afterwards all is as before")
        .hasSize(usualLength());
  }

  @Test
  protected void otherCalls_deadlinePassed_endInTimeWithSuccessOrTimedOut() {
    Set<BackendFeature> features = backend().capabilities().features();
    BackendKeyRef key = someKey();

    assertInTime("inspectKey", () -> backend().inspectKey(key, passed()));
    if (features.contains(BackendFeature.RANDOM_BYTES)) {
      assertInTime("randomBytes", () -> backend().randomBytes(32, passed()));
    }
    if (features.contains(BackendFeature.GENERATE_KEY)) {
      assertInTime(
          "generateKey", () -> tracked(backend().generateKey(newKey(longestKey()), passed())));
    }
    if (features.contains(BackendFeature.IMPORT_KEY)) {
      assertInTime(
          "importKey",
          () -> tracked(backend().importKey(newKey(longestKey()), secret(longestKey()), passed())));
    }
    if (features.contains(BackendFeature.DESTROY_KEY)) {
      assertInTime(
          "destroyKey",
          () -> {
            backend().destroyKey(missingKey(), passed());
            return "done";
          });
    }
    assertThat(backend().inspectKey(key, soon()).ref())
        .as("afterwards all is as before")
        .isEqualTo(key);
  }

  @Test
  protected void check_ofAWorkingBackend_isHealthyAndSaysWhat() {
    CheckResult result = backend().check(soon());

    assertThat(result.healthy()).as(result.message()).isTrue();
    assertThat(result.message()).isNotBlank();
  }

  @Test
  protected void check_deadlinePassed_answersInTime() {
    CheckResult result = InTime.call("check", hangLimit(), () -> backend().check(passed()));

    assertThat(result.message()).isNotBlank();
  }

  @Test
  protected void close_repeated_isASuccess() {
    KeyBackend backend = open();
    backend.close();
    backend.close();

    assertThat(backend.check(soon()).healthy()).isFalse();
  }

  @Test
  protected void call_afterClose_failsInTimeAsABackendDoes() {
    BackendKeyRef key = someKey();
    KeyBackend closed = openSecond();
    closed.close();

    Throwable failure =
        catchThrowable(
            () ->
                InTime.call(
                    "encrypt",
                    hangLimit(),
                    () -> closed.encrypt(key, secret(usualLength()), Bytes.empty(), soon())));

    assertThat(failure).isInstanceOf(BackendException.class);
    assertThat(closed.check(soon()).healthy()).as("check() of a closed backend").isFalse();
  }

  @Test
  protected void close_ofOneBackend_leavesTheOthersWorking() {
    BackendKeyRef key = someKey();
    openSecond().close();

    byte[] plaintext = randomArray(usualLength());
    assertThat(decrypt(key, parts(encrypt(key, plaintext, new byte[0])), new byte[0]))
        .isEqualTo(plaintext);
  }

  @Test
  protected void encryptAndDecrypt_byAllThreadsAtOnce_neverMixUp() {
    BackendKeyRef one = someKey();
    BackendKeyRef two = someKey();
    Set<Bytes> ivs = ConcurrentHashMap.newKeySet();

    List<Integer> rounds =
        concurrently(
            thread -> {
              BackendKeyRef key = thread % 2 == 0 ? one : two;
              for (int round = 0; round < ROUNDS; round++) {
                byte[] plaintext = threadSafeArray(usualLength());
                byte[] aad = threadSafeArray(usualAad());
                BackendCiphertext made = encrypt(key, plaintext, aad);
                ivs.add(made.iv());
                assertThat(decrypt(key, parts(made), aad)).isEqualTo(plaintext);
              }
              return ROUNDS;
            });

    int all = rounds.stream().mapToInt(Integer::intValue).sum();
    assertThat(ivs).as("different IVs of all threads").hasSize(all);
  }

  @Test
  protected void decrypt_goodAndBadAtOnce_neverMixesUp() {
    BackendKeyRef key = someKey();
    byte[] plaintext = randomArray(usualLength());
    Sealed good = parts(encrypt(key, plaintext, new byte[0]));
    byte[] wrongTag = good.tag().toByteArray();
    wrongTag[0] ^= 1;
    Sealed bad = new Sealed(good.iv(), good.ciphertext(), Bytes.adopt(wrongTag));

    List<Boolean> done =
        concurrently(
            thread -> {
              for (int round = 0; round < ROUNDS; round++) {
                if (thread % 2 == 0) {
                  assertThat(decrypt(key, good, new byte[0])).isEqualTo(plaintext);
                } else {
                  assertThatThrownBy(() -> decrypt(key, bad, new byte[0]))
                      .isInstanceOf(AuthenticationTagMismatch.class);
                }
              }
              return true;
            });

    assertThat(done).isNotEmpty().containsOnly(true);
  }

  private <T> void assertInTime(String what, Callable<T> call) {
    Throwable failure = catchThrowable(() -> InTime.call(what, hangLimit(), call));
    if (failure != null) {
      assertThat(failure).as("%s after its deadline", what).isInstanceOf(TimedOut.class);
    }
  }

  private <T> List<T> concurrently(InTime.Work<T> work) {
    int threads =
        Math.max(2, Math.min(MOST_THREADS, backend().capabilities().maxConcurrentCalls()));
    if (backend().capabilities().maxConcurrentCalls() == 1) {
      threads = 1;
    }
    return InTime.all(threads, work);
  }

  private byte[] threadSafeArray(int length) {
    byte[] bytes = new byte[length];
    java.util.concurrent.ThreadLocalRandom.current().nextBytes(bytes);
    return bytes;
  }

  private static Byte[] boxed(byte[] bytes) {
    List<Byte> boxed = new ArrayList<>(bytes.length);
    for (byte b : bytes) {
      boxed.add(b);
    }
    return boxed.toArray(Byte[]::new);
  }
}
