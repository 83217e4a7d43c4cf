// SPDX-License-Identifier: Apache-2.0
package org.openekm.hsm.pkcs11;

import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.openekm.hsm.pkcs11.internal.binding.Binding;
import org.openekm.hsm.pkcs11.internal.binding.CryptokiLibraries;
import org.openekm.hsm.pkcs11.internal.cryptoki.Ckf;
import org.openekm.hsm.pkcs11.internal.cryptoki.Cryptoki;
import org.openekm.hsm.pkcs11.internal.token.TokenProbe;
import org.openekm.hsm.pkcs11.testtoken.Backends;
import org.openekm.hsm.pkcs11.testtoken.SoftHsm;
import org.openekm.hsm.pkcs11.testtoken.TestToken;
import org.openekm.spi.backend.BackendException;
import org.openekm.spi.backend.KeyBackend;

/** What another user of the same library in this process can do to us, on SoftHSM. */
class RealTokenFaultTest {

  private TestToken token;
  private KeyBackend backend;
  private TokenProbe probe;
  private Cryptoki intruder;

  @BeforeEach
  void open() {
    assumeTrue(SoftHsm.missing().isEmpty(), () -> SoftHsm.missing().orElse(""));
    token = SoftHsm.create();
    backend = Backends.open(token);
    probe = new TokenProbe(backend);
    intruder = CryptokiLibraries.open(SoftHsm.MODULE, Binding.JNA);
  }

  @AfterEach
  void close() {
    if (backend != null) {
      backend.close();
      SoftHsm.delete(token);
    }
  }

  @Test
  void allSessionsClosed_noCallFails() throws Exception {
    intruder.closeAllSessions(slot());

    hammer();
  }

  @Test
  void loggedOut_noCallFails() throws Exception {
    long session = intruder.openSession(slot(), Ckf.SERIAL_SESSION);
    intruder.logout(session);

    hammer();
  }

  @Test
  void finalized_noCallFails() throws Exception {
    intruder.finalizeLibrary();

    hammer();
  }

  @Test
  void tokenDeletedAndMadeAgain_isFoundAgain_andNewKeysWork() {
    SoftHsm.delete(token);
    assertThatThrownBy(probe::encrypt).isInstanceOf(BackendException.class);

    token = SoftHsm.create(token.settings().get("token.label"));

    Awaitility.await()
        .atMost(Duration.ofSeconds(2))
        .ignoreExceptionsInstanceOf(BackendException.class)
        .until(
            () -> {
              new TokenProbe(backend).roundTrip();
              return true;
            });
    assertThatThrownBy(probe::encrypt).isInstanceOf(BackendException.KeyMissing.class);
  }

  private long slot() {
    for (long slot : intruder.getSlotList(true)) {
      if (intruder.getTokenInfo(slot).label().equals(token.settings().get("token.label"))) {
        return slot;
      }
    }
    throw new IllegalStateException("no such token");
  }

  private void hammer() throws Exception {
    ExecutorService threads = Executors.newFixedThreadPool(8);
    try {
      List<Future<?>> calls = new ArrayList<>();
      for (int i = 0; i < 200; i++) {
        calls.add(threads.submit(probe::roundTrip));
      }
      for (Future<?> call : calls) {
        call.get();
      }
    } finally {
      threads.shutdownNow();
    }
  }
}
