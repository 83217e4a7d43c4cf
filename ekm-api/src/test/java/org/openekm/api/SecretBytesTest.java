// SPDX-License-Identifier: Apache-2.0
package org.openekm.api;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;

class SecretBytesTest {

  @Test
  void toString_secret_showsNothingOfIt() {
    SecretBytes secret = SecretBytes.copyOf("hunter2".getBytes(StandardCharsets.UTF_8));
    assertThat(secret).hasToString("SecretBytes[redacted]");
    assertThat(new Holder(secret).toString()).doesNotContain("hunter2");
  }

  private record Holder(SecretBytes plaintext) {}

  @Test
  void destroy_adoptedArray_isZeros() {
    byte[] array = {1, 2, 3};
    SecretBytes secret = SecretBytes.adopt(array);
    secret.destroy();
    assertThat(array).containsOnly(0);
    assertThat(secret.isDestroyed()).isTrue();
  }

  @Test
  void read_afterDestroy_isRefused() {
    SecretBytes secret = SecretBytes.copyOf(new byte[] {1});
    secret.close();
    assertThatThrownBy(secret::toByteArray).isInstanceOf(IllegalStateException.class);
  }

  @Test
  void equals_sameContent_isTrueUntilOneIsDestroyed() {
    SecretBytes one = SecretBytes.copyOf(new byte[] {1, 2});
    SecretBytes two = one.copy();
    assertThat(one).isEqualTo(two).hasSameHashCodeAs(two);
    two.destroy();
    assertThat(one).isNotEqualTo(two);
  }

  @Test
  void copy_originalDestroyed_keepsItsContent() {
    SecretBytes one = SecretBytes.copyOf(new byte[] {7});
    SecretBytes two = one.copy();
    one.destroy();
    assertThat(two.toByteArray()).containsExactly(7);
  }

  @Test
  void read_whileAnotherThreadDestroys_seesAllOfItOrIsRefused() throws Exception {
    ExecutorService threads = Executors.newFixedThreadPool(2);
    try {
      for (int i = 0; i < 300; i++) {
        byte[] ones = new byte[4096];
        Arrays.fill(ones, (byte) 1);
        SecretBytes secret = SecretBytes.adopt(ones);
        CyclicBarrier start = new CyclicBarrier(2);
        Future<Integer> sum =
            threads.submit(
                () -> {
                  start.await();
                  try {
                    return secret.read(SecretBytesTest::sum);
                  } catch (IllegalStateException e) {
                    return -1;
                  }
                });
        Future<?> destroyed =
            threads.submit(
                () -> {
                  start.await();
                  secret.destroy();
                  return null;
                });
        assertThat(sum.get()).isIn(4096, -1);
        destroyed.get();
        assertThat(ones).containsOnly(0);
      }
    } finally {
      threads.shutdownNow();
    }
  }

  private static int sum(byte[] bytes) {
    int sum = 0;
    for (byte b : bytes) {
      sum += b;
    }
    return sum;
  }

  @Test
  void toString_ofRequestsAndResultsThatHoldIt_showsNothingOfIt() {
    VaultId vault = new VaultId(new UUID(0, 1));
    KeyId key = new KeyId(new UUID(0, 2));
    KeyVersionId version = new KeyVersionId(new UUID(0, 3));
    SecretBytes secret = SecretBytes.copyOf("hunter2".getBytes(StandardCharsets.UTF_8));

    assertThat(new EncryptRequest(vault, key, Optional.empty(), secret, Bytes.empty()).toString())
        .contains("redacted")
        .doesNotContain("hunter2", "68756e74657232");
    assertThat(new DecryptResult(version, secret).toString())
        .contains("redacted")
        .doesNotContain("hunter2");
    assertThat(new RandomBytesResult(version, secret, Optional.empty()).toString())
        .contains("redacted")
        .doesNotContain("hunter2");
  }
}
