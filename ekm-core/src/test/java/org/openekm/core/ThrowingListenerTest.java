// SPDX-License-Identifier: Apache-2.0
package org.openekm.core;

import static org.assertj.core.api.Assertions.assertThat;
import static org.openekm.core.PlainEngine.ADMIN;
import static org.openekm.core.PlainEngine.ENCRYPT;

import java.lang.reflect.Proxy;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.openekm.spi.event.EkmListener;

/** A fault in somebody's metrics or tracing must not cost a call, a secret or the kill switch. */
class ThrowingListenerTest {

  private final AtomicInteger thrown = new AtomicInteger();

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void encrypt_listenerThatAlwaysThrows_isAnsweredAndHoldsUpNoBlock(boolean linkage)
      throws Exception {
    try (PlainEngine ekm = new PlainEngine(builder -> builder.listener(throwing(linkage)))) {
      assertThat(ekm.post(ekm.keyPath("/encrypt"), ENCRYPT).status()).isEqualTo(200);
      assertThat(ekm.get("/nothing").status()).isEqualTo(404);
      assertThat(ekm.get(ekm.keyPath("/metadata")).status()).isEqualTo(200);
      CompletableFuture<Boolean> block =
          CompletableFuture.supplyAsync(
              () -> ekm.engine.admin().keys().block(ADMIN, ekm.keyId()).blocked());

      // a place in the gate that is left behind would hold this up for ten seconds
      assertThat(block.get(8, TimeUnit.SECONDS)).isTrue();
      assertThat(ekm.post(ekm.keyPath("/encrypt"), ENCRYPT).status()).isEqualTo(403);
      assertThat(thrown.get()).isGreaterThan(4);
    }
  }

  @Test
  void build_listenerThatAlwaysThrows_works() {
    try (PlainEngine ekm = new PlainEngine(builder -> builder.listener(throwing(false)))) {
      assertThat(ekm.engine.revision()).isPositive();
      assertThat(thrown.get()).isPositive();
    }
  }

  private EkmListener throwing(boolean linkage) {
    return (EkmListener)
        Proxy.newProxyInstance(
            EkmListener.class.getClassLoader(),
            new Class<?>[] {EkmListener.class},
            (proxy, method, arguments) -> {
              thrown.incrementAndGet();
              if (linkage) {
                throw new NoClassDefFoundError("a metrics library that is not there");
              }
              throw new IllegalStateException("a listener's own fault");
            });
  }
}
