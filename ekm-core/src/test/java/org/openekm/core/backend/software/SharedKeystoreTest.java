// SPDX-License-Identifier: Apache-2.0
package org.openekm.core.backend.software;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.openekm.core.backend.software.SoftwareBackends.newKey;
import static org.openekm.core.backend.software.SoftwareBackends.soon;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.openekm.spi.backend.BackendCiphertext;
import org.openekm.spi.backend.BackendException;
import org.openekm.spi.backend.BackendKeyRef;
import org.openekm.spi.backend.KeyBackend;
import org.openekm.testkit.tck.KeyBackendTck;

/** Several servers on one keystore file. */
@Timeout(120)
class SharedKeystoreTest {

  private static final int KEYS_EACH = 40;

  @TempDir Path directory;

  private KeyBackend open() {
    return SoftwareBackends.openShared(directory.resolve("keys"));
  }

  @Nested
  class Contract extends KeyBackendTck {

    @Override
    protected KeyBackend createBackend() {
      return open();
    }
  }

  @Test
  void keyMadeByOneServer_isUsedByTheOther() {
    try (KeyBackend one = open();
        KeyBackend two = open()) {
      BackendKeyRef key = one.generateKey(newKey(32), soon());
      BackendCiphertext sealed = SoftwareBackends.encrypt(two, key, "secret");

      assertThat(SoftwareBackends.decrypt(one, key, sealed)).isEqualTo("secret");
    }
  }

  @Test
  void keyDestroyedByOneServer_isGoneForTheOtherAtOnce() {
    try (KeyBackend one = open();
        KeyBackend two = open()) {
      BackendKeyRef key = one.generateKey(newKey(32), soon());
      SoftwareBackends.encrypt(two, key, "secret");

      one.destroyKey(key, soon());

      assertThatThrownBy(() -> SoftwareBackends.encrypt(two, key, "secret"))
          .isInstanceOf(BackendException.KeyMissing.class);
    }
  }

  @Test
  void keysMadeByAllServersAtOnce_noneIsLost() throws Exception {
    ExecutorService threads = Executors.newFixedThreadPool(3);
    try (KeyBackend one = open();
        KeyBackend two = open();
        KeyBackend three = open()) {
      List<Future<List<BackendKeyRef>>> makers = new ArrayList<>();
      for (KeyBackend backend : List.of(one, two, three)) {
        makers.add(threads.submit(makeMany(backend)));
      }
      for (Future<List<BackendKeyRef>> maker : makers) {
        for (BackendKeyRef key : maker.get()) {
          for (KeyBackend backend : List.of(one, two, three)) {
            assertThat(backend.inspectKey(key, soon()).lengthBytes()).isEqualTo(16);
          }
        }
      }
    } finally {
      threads.shutdownNow();
    }
  }

  @Test
  void serverWithTheFileForItself_keepsOthersOut() {
    try (KeyBackend alone = SoftwareBackends.open(directory.resolve("keys"))) {
      assertThat(alone.check(soon()).healthy()).isTrue();
      assertThatThrownBy(this::open)
          .isInstanceOf(BackendException.Misconfigured.class)
          .hasMessageContaining("in use by another server");
    }
  }

  private static Callable<List<BackendKeyRef>> makeMany(KeyBackend backend) {
    return () -> {
      List<BackendKeyRef> made = new ArrayList<>();
      for (int i = 0; i < KEYS_EACH; i++) {
        made.add(backend.generateKey(newKey(16), soon()));
      }
      return made;
    };
  }
}
