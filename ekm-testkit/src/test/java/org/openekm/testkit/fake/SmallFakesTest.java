// SPDX-License-Identifier: Apache-2.0
package org.openekm.testkit.fake;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.net.ServerSocket;
import java.time.Duration;
import java.util.Random;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.openekm.api.SecretBytes;
import org.openekm.spi.SecretReference;
import org.openekm.spi.SecretUnavailableException;
import org.openekm.spi.event.AuditBatchCompleted;

class SmallFakesTest {

  @Test
  void seededCases_failure_namesTheSeedThatReproducesIt() {
    AtomicInteger failing = new AtomicInteger();
    SeededCases.Case property =
        random -> {
          int value = random.nextInt(1000);
          if (value > 100) {
            failing.set(value);
            throw new IllegalStateException("too big");
          }
        };

    AssertionError first = catchError(() -> SeededCases.run(1_000, property));
    int seen = failing.getAndSet(0);
    Matcher seed =
        Pattern.compile("-Dekm\\.test\\.seed=(-?\\d+)").matcher(String.valueOf(first.getMessage()));

    assertThat(seed.find()).isTrue();
    assertThatThrownBy(() -> SeededCases.runOne(Long.parseLong(seed.group(1)), property))
        .isInstanceOf(AssertionError.class);
    assertThat(failing.get()).isEqualTo(seen);
  }

  @Test
  void seededCases_success_runsEveryCase() {
    AtomicInteger runs = new AtomicInteger();

    SeededCases.run(
        50,
        random -> {
          assertThat(SeededCases.bytes(random, 10)).hasSizeLessThanOrEqualTo(10);
          assertThat(SeededCases.text(random, "ab", 10)).matches("[ab]{0,10}");
          runs.incrementAndGet();
        });

    assertThat(runs).hasValue(50);
  }

  @Test
  void seededCases_sameSeed_sameData() {
    assertThat(SeededCases.bytes(new Random(7), 100))
        .isEqualTo(SeededCases.bytes(new Random(7), 100));
  }

  @Test
  void testSecrets_resolve_givesACopyOfTheNewestValue() {
    TestSecrets secrets = new TestSecrets().put("${env:PIN}", "1234");
    SecretReference pin = SecretReference.parse("${env:PIN}");

    secrets.resolve(pin).destroy();
    assertThat(secrets.resolve(pin)).isEqualTo(SecretBytes.copyOf("1234".getBytes(UTF_8)));
    secrets.put("${env:PIN}", "5678");
    assertThat(secrets.resolve(pin)).isEqualTo(SecretBytes.copyOf("5678".getBytes(UTF_8)));
    secrets.remove("${env:PIN}");
    assertThatThrownBy(() -> secrets.resolve(pin))
        .isInstanceOf(SecretUnavailableException.class)
        .hasMessageContaining("${env:PIN}");
  }

  @Test
  void ports_silentIsOpenAndFreeIsNot() throws Exception {
    try (ServerSocket silent = Ports.silent()) {
      Ports.awaitOpen(silent.getLocalPort(), Duration.ofSeconds(5));
      assertThat(Ports.isOpen(silent.getLocalPort())).isTrue();
    }
    assertThat(Ports.isOpen(Ports.free())).isFalse();
  }

  @Test
  void testKeys_rsa_isCachedPerSizeAndNumber() {
    assertThat(TestKeys.rsa(2048)).isSameAs(TestKeys.rsa());
    assertThat(TestKeys.rsa(2048, 1)).isSameAs(TestKeys.rsa(2048, 1)).isNotSameAs(TestKeys.rsa());
    assertThat(TestKeys.aes(24).length()).isEqualTo(24);
  }

  @Test
  void recordingListener_keepsEachKindInOrder() {
    RecordingListener listener = new RecordingListener();

    listener.onRevision(1);
    listener.onRevision(2);
    listener.onBreakerState("hsm", "OPEN");
    listener.onWarning("key.usage", "rotate soon");
    listener.onAuditBatch(new AuditBatchCompleted(3, true, 100));

    assertThat(listener.revisions()).containsExactly(1L, 2L);
    assertThat(listener.breakerStates())
        .containsExactly(new RecordingListener.BreakerState("hsm", "OPEN"));
    assertThat(listener.warningCodes()).containsExactly("key.usage");
    assertThat(listener.auditBatches()).hasSize(1);
    assertThat(listener.calls()).isEmpty();
  }

  private static AssertionError catchError(Runnable action) {
    try {
      action.run();
    } catch (AssertionError e) {
      return e;
    }
    throw new IllegalStateException("the property should have failed");
  }
}
