// SPDX-License-Identifier: Apache-2.0
package org.openekm.hsm.kmip;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import org.openekm.hsm.kmip.internal.client.KmipClient;
import org.openekm.hsm.kmip.internal.setup.KmipBackends;
import org.openekm.hsm.kmip.testserver.PyKmip;
import org.openekm.hsm.kmip.testserver.TestClient;
import org.openekm.spi.backend.BackendKeyRef;
import org.openekm.spi.backend.KeyBackend;
import org.openekm.testkit.kmip.KmipAuthority;
import org.openekm.testkit.tck.KeyBackendTck;

/** The contract of a backend on PyKMIP. */
@Tag("once")
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class PyKmipTckTest {

  @TempDir static Path folder;

  private static PyKmip server;
  private static TestClient client;

  private PyKmipTckTest() {}

  @BeforeAll
  void startServer() {
    PyKmip.missing().ifPresent(System.out::println);
    assumeTrue(PyKmip.missing().isEmpty(), () -> PyKmip.missing().orElse(""));
    KmipAuthority authority = new KmipAuthority();
    server = PyKmip.start(authority, folder);
    client = new TestClient(authority, "ekm").with("host", "127.0.0.1", "profile", "pykmip");
  }

  @AfterAll
  void stopServer() {
    if (server != null) {
      server.close();
    }
  }

  /** It does some dozens of operations a second. */
  abstract static class OnPyKmip extends KeyBackendTck {

    @Override
    protected Duration callBudget() {
      return Duration.ofSeconds(30);
    }

    @Override
    protected int ivRunLength() {
      return 50;
    }

    @Override
    protected Optional<BackendKeyRef> unusableKey() {
      try (KeyBackend maker = createBackend();
          KmipClient raw = KmipBackends.client(client.context(server.port()))) {
        BackendKeyRef key = maker.generateKey(Keys.newKey(32), TestClient.soon());
        raw.call(session -> session.send(PyKmip.revocation(key)), TestClient.soon());
        return Optional.of(key);
      }
    }
  }

  @Nested
  class Kmip14 extends OnPyKmip {
    @Override
    protected KeyBackend createBackend() {
      return client.open(server.port(), "version", "1.4");
    }
  }

  @Nested
  class Kmip20 extends OnPyKmip {
    @Override
    protected KeyBackend createBackend() {
      return client.open(server.port());
    }
  }
}
