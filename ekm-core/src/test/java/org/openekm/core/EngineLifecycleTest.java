// SPDX-License-Identifier: Apache-2.0
package org.openekm.core;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;
import static org.openekm.core.PlainEngine.ENCRYPT;

import java.time.Duration;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.openekm.api.Bytes;
import org.openekm.api.Deadline;
import org.openekm.api.DecryptRequest.Sealed;
import org.openekm.api.SecretBytes;
import org.openekm.core.store.InMemoryMetadataStore;
import org.openekm.spi.CheckResult;
import org.openekm.spi.backend.BackendCiphertext;
import org.openekm.spi.backend.BackendKeyInfo;
import org.openekm.spi.backend.BackendKeyRef;
import org.openekm.spi.backend.Capabilities;
import org.openekm.spi.backend.KeyBackend;
import org.openekm.spi.backend.NewKey;
import org.openekm.spi.store.StoreException;
import org.openekm.testkit.fake.FakeKeyBackend;
import org.openekm.testkit.fake.FaultyMetadataStore;

/** What an engine does on threads that are somebody else's, and how it ends. */
class EngineLifecycleTest {

  private final ScheduledThreadPoolExecutor timer = new ScheduledThreadPoolExecutor(1);
  private final ExecutorService workers = Executors.newCachedThreadPool();

  @AfterEach
  void close() {
    timer.shutdownNow();
    workers.shutdownNow();
  }

  @Test
  void close_timerOfTheEmbedder_hasNothingLeftToDo() {
    timer.setRemoveOnCancelPolicy(true);
    PlainEngine ekm = new PlainEngine(builder -> builder.scheduler(timer));
    assertThat(timer.getQueue()).isNotEmpty();

    ekm.close();

    assertThat(timer.getQueue()).isEmpty();
    assertThat(timer.isShutdown()).isFalse();
  }

  @Test
  void close_executorOfTheEmbedder_staysOpen() {
    PlainEngine ekm = new PlainEngine(builder -> builder.executor(workers));

    ekm.close();

    assertThat(workers.isShutdown()).isFalse();
  }

  @Test
  void poll_executorThatOnceTakesNoMore_isTriedAgain() {
    AtomicBoolean full = new AtomicBoolean();
    AtomicInteger rejected = new AtomicInteger();
    FaultyMetadataStore store = new FaultyMetadataStore(new InMemoryMetadataStore(), false);
    EngineConfig usual = EngineConfig.defaults();
    EngineConfig busy =
        new EngineConfig(
            Duration.ofMinutes(1),
            Duration.ofMillis(2),
            usual.audit(),
            usual.tokens(),
            usual.limits());
    try (PlainEngine ekm =
        new PlainEngine(
            builder ->
                builder
                    .store(store)
                    .config(busy)
                    .executor(
                        task -> {
                          if (full.get()) {
                            rejected.incrementAndGet();
                            throw new RejectedExecutionException();
                          }
                          workers.execute(task);
                        }))) {
      full.set(true);
      Awaitility.await().until(() -> rejected.get() >= 3);
      full.set(false);
      long before = store.calls(FaultyMetadataStore.Call.REVISION);

      Awaitility.await().until(() -> store.calls(FaultyMetadataStore.Call.REVISION) > before + 1);
      assertThat(ekm.post(ekm.keyPath("/encrypt"), ENCRYPT).status()).isEqualTo(200);
    }
  }

  @Test
  void close_backendThatCannotBeClosed_closesStoreAndSinkAllTheSame() {
    InMemoryMetadataStore store = new InMemoryMetadataStore();
    PlainEngine ekm = new PlainEngine(new Unclosable(), builder -> builder.store(store));

    ekm.close();

    assertThat(ekm.sink.isClosed()).isTrue();
    assertThat(catchThrowable(store::load))
        .isInstanceOfAny(StoreException.class, IllegalStateException.class);
  }

  @Test
  void close_twice_isHarmlessAndLaterCallsAreRefused() {
    PlainEngine ekm = new PlainEngine();
    ekm.engine.close();
    ekm.engine.close();

    assertThat(ekm.sink.events("engine.stop")).hasSize(1);
    assertThat(ekm.post(ekm.keyPath("/encrypt"), ENCRYPT).status()).isEqualTo(503);
  }

  /** A device library that fails when it is unloaded. */
  private static final class Unclosable implements KeyBackend {

    private final FakeKeyBackend real = new FakeKeyBackend();

    @Override
    public Capabilities capabilities() {
      return real.capabilities();
    }

    @Override
    public BackendCiphertext encrypt(
        BackendKeyRef key, SecretBytes plaintext, Bytes aad, Deadline deadline) {
      return real.encrypt(key, plaintext, aad, deadline);
    }

    @Override
    public SecretBytes decrypt(BackendKeyRef key, Sealed sealed, Bytes aad, Deadline deadline) {
      return real.decrypt(key, sealed, aad, deadline);
    }

    @Override
    public BackendKeyRef generateKey(NewKey newKey, Deadline deadline) {
      return real.generateKey(newKey, deadline);
    }

    @Override
    public BackendKeyInfo inspectKey(BackendKeyRef key, Deadline deadline) {
      return real.inspectKey(key, deadline);
    }

    @Override
    public CheckResult check(Deadline deadline) {
      return real.check(deadline);
    }

    @Override
    public void close() {
      throw new IllegalStateException("the device does not let go");
    }
  }
}
