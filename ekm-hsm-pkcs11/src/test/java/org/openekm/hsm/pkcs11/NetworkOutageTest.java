// SPDX-License-Identifier: Apache-2.0
package org.openekm.hsm.pkcs11;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.time.Duration;
import org.awaitility.Awaitility;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.openekm.api.SecretBytes;
import org.openekm.hsm.pkcs11.internal.token.TokenProbe;
import org.openekm.hsm.pkcs11.testtoken.Backends;
import org.openekm.hsm.pkcs11.testtoken.P11KitServer;
import org.openekm.hsm.pkcs11.testtoken.SoftHsm;
import org.openekm.hsm.pkcs11.testtoken.TestToken;
import org.openekm.spi.backend.BackendException;
import org.openekm.spi.backend.KeyBackend;

/** An HSM on the network that goes away and comes back: p11-kit's server, killed and restarted. */
class NetworkOutageTest {

  @ParameterizedTest
  @ValueSource(strings = {"none", "process"})
  void serverKilledAndRestarted_isUsedAgainWithinASecond(String isolation) {
    assumeTrue(P11KitServer.missing().isEmpty(), () -> P11KitServer.missing().orElse(""));
    TestToken token = SoftHsm.create();
    try (P11KitServer server = P11KitServer.start(token);
        KeyBackend backend = Backends.open(server.remote(), "isolation", isolation)) {
      draw(backend);
      for (int round = 0; round < 3; round++) {
        server.kill();
        assertThatThrownBy(() -> draw(backend)).isInstanceOf(BackendException.Unavailable.class);
        assertThat(backend.check(TokenProbe.soon()).healthy()).isFalse();

        server.start();

        Awaitility.await()
            .pollInterval(Duration.ofMillis(10))
            .atMost(Duration.ofSeconds(1))
            .until(() -> works(backend));
      }
    } finally {
      SoftHsm.delete(token);
    }
  }

  private static void draw(KeyBackend backend) {
    try (SecretBytes random = backend.randomBytes(32, TokenProbe.soon())) {
      assertThat(random.length()).isEqualTo(32);
    }
  }

  private static boolean works(KeyBackend backend) {
    try {
      draw(backend);
      return true;
    } catch (BackendException.Unavailable e) {
      return false;
    }
  }
}
