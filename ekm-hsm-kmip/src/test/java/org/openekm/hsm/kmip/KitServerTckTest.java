// SPDX-License-Identifier: Apache-2.0
package org.openekm.hsm.kmip;

import java.time.Duration;
import java.util.Optional;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.TestInstance;
import org.openekm.hsm.kmip.testserver.TestClient;
import org.openekm.spi.backend.BackendKeyRef;
import org.openekm.spi.backend.KeyBackend;
import org.openekm.testkit.kmip.FakeKmipServer;
import org.openekm.testkit.kmip.KmipAuthority;
import org.openekm.testkit.kmip.KmipServerOptions;
import org.openekm.testkit.kmip.KmipServerOptions.Habit;
import org.openekm.testkit.tck.KeyBackendTck;

/** The contract of a backend on the kit's server, in every version and mode. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class KitServerTckTest {

  private static KmipAuthority authority;
  private static TestClient client;

  private KitServerTckTest() {}

  @BeforeAll
  void makeAuthority() {
    authority = new KmipAuthority();
    client = new TestClient(authority, "ekm");
  }

  /** One kind of server. */
  abstract static class OnServer extends KeyBackendTck {

    private final FakeKmipServer server;
    private final String[] settings;

    OnServer(KmipServerOptions options, String... settings) {
      this.server = FakeKmipServer.start(authority, options);
      this.settings = settings;
    }

    @Override
    @AfterEach
    protected void cleanUp() {
      super.cleanUp();
      server.close();
    }

    @Override
    protected KeyBackend createBackend() {
      return client.open(server.port(), settings);
    }

    @Override
    protected Optional<BackendKeyRef> unusableKey() {
      BackendKeyRef key =
          client.open(server.port(), settings).generateKey(Keys.newKey(32), TestClient.soon());
      server.setState(key.value(), 3);
      return Optional.of(key);
    }

    @Override
    protected Duration callBudget() {
      return Duration.ofSeconds(20);
    }

    @Override
    protected int ivRunLength() {
      return 300;
    }
  }

  @Nested
  class Kmip21 extends OnServer {
    Kmip21() {
      super(KmipServerOptions.right().withVersions("2.1"), "key-check", "warn");
    }
  }

  @Nested
  class Kmip20 extends OnServer {
    Kmip20() {
      super(KmipServerOptions.right().withVersions("2.0", "1.4"));
    }
  }

  @Nested
  class Kmip14OverTls12 extends OnServer {
    Kmip14OverTls12() {
      super(KmipServerOptions.right().withVersions("1.4").withTls("TLSv1.2"));
    }
  }

  @Nested
  class WithAllHabits extends OnServer {
    WithAllHabits() {
      super(
          KmipServerOptions.right()
              .withVersions("1.4")
              .lacking(KmipServerOptions.RNG_RETRIEVE)
              .withHabits(
                  Habit.GENERAL_FAILURE_FOR_BAD_TAG,
                  Habit.PERMISSION_DENIED_FOR_ALL,
                  Habit.NO_CORRELATION_VALUE,
                  Habit.NO_DISCOVER,
                  Habit.NO_PROTECTION_ATTRIBUTES)
              .withBatchItems(1),
          "random",
          "local",
          "version",
          "1.4",
          "general-failure",
          "bad-tag",
          "protected-keys",
          "false",
          "batch-items",
          "1");
    }
  }

  @Nested
  class LocalCrypto extends OnServer {
    LocalCrypto() {
      super(KmipServerOptions.right().withVersions("1.2"), "mode", "local-crypto");
    }
  }

  @AfterAll
  void forget() {
    client = null;
  }
}
