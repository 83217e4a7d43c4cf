// SPDX-License-Identifier: Apache-2.0
package org.openekm.hsm.pkcs11.testtoken;

import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.time.InstantSource;
import java.util.Map;
import java.util.concurrent.Executor;
import java.util.function.Supplier;
import org.openekm.api.NanoClock;
import org.openekm.api.SecretBytes;
import org.openekm.hsm.pkcs11.Pkcs11KeyBackendProvider;
import org.openekm.spi.ComponentContext;
import org.openekm.spi.Settings;
import org.openekm.spi.backend.KeyBackend;

/** Opens backends as the server does, with a PIN that the test gives. */
public final class Backends {

  private static final SecureRandom RANDOM = new SecureRandom();

  private Backends() {}

  /** Opens a backend on a token, with more settings. */
  public static KeyBackend open(TestToken token, String... more) {
    return open(token::pin, token.with(more));
  }

  /** Opens a backend with these settings. */
  public static KeyBackend open(Supplier<String> pin, Map<String, String> settings) {
    return new Pkcs11KeyBackendProvider().create(context(pin, settings));
  }

  /** Returns what a provider gets. */
  public static ComponentContext context(Supplier<String> pin, Map<String, String> settings) {
    return new ComponentContext(
        "test",
        Settings.of(settings),
        reference -> SecretBytes.adopt(pin.get().getBytes(StandardCharsets.UTF_8)),
        InstantSource.system(),
        NanoClock.system(),
        RANDOM,
        daemons());
  }

  private static Executor daemons() {
    return task -> {
      Thread thread = new Thread(task, "token-worker");
      thread.setDaemon(true);
      thread.start();
    };
  }
}
