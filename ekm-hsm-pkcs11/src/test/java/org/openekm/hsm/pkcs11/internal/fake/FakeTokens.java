// SPDX-License-Identifier: Apache-2.0
package org.openekm.hsm.pkcs11.internal.fake;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.function.Supplier;
import org.openekm.api.NanoClock;
import org.openekm.hsm.pkcs11.internal.cryptoki.Ckm;
import org.openekm.hsm.pkcs11.internal.cryptoki.InitializeArguments;
import org.openekm.hsm.pkcs11.internal.token.IvMode;
import org.openekm.hsm.pkcs11.internal.token.SharedLibraries;
import org.openekm.hsm.pkcs11.internal.token.TokenConfig;
import org.openekm.hsm.pkcs11.internal.token.TokenKeyBackend;
import org.openekm.hsm.pkcs11.internal.token.TokenSelector;
import org.openekm.hsm.pkcs11.testtoken.Backends;
import org.openekm.spi.ComponentContext;
import org.openekm.spi.SecretReference;
import org.openekm.spi.backend.KeyBackend;

/** Opens backends on a fake library. */
public final class FakeTokens {

  /** How many calls a backend makes at once. */
  public static final int SESSIONS = 4;

  private final FakeCryptoki library;
  private final SharedLibraries libraries;
  private final Path path;
  private Supplier<String> pin = () -> "1234";
  private NanoClock clock = NanoClock.system();

  /** Makes a library with a token of this kind. */
  public FakeTokens(FakeBehavior behavior) {
    this.library = new FakeCryptoki(behavior);
    this.libraries = new SharedLibraries(file -> library);
    try {
      this.path = Files.createTempFile("fake", ".so");
      path.toFile().deleteOnExit();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Returns the library. */
  public FakeCryptoki library() {
    return library;
  }

  /** Sets where the PIN is read from. */
  public void pin(Supplier<String> source) {
    pin = source;
  }

  /** Sets the clock by which backends measure the time between tries. */
  public void clock(NanoClock source) {
    clock = source;
  }

  /** Opens a backend that refuses weak keys. */
  public KeyBackend open(IvMode mode) {
    return open(mode, true);
  }

  /** Opens a backend that refuses weak keys or doesn't. */
  public KeyBackend open(IvMode mode, boolean refuseWeak) {
    ComponentContext usual = Backends.context(() -> pin.get(), Map.of());
    ComponentContext context =
        new ComponentContext(
            "fake",
            usual.settings(),
            usual.secrets(),
            usual.clock(),
            clock,
            usual.random(),
            usual.executor());
    return TokenKeyBackend.withWorkers(config(mode, refuseWeak), libraries, context);
  }

  private TokenConfig config(IvMode mode, boolean refuseWeak) {
    return new TokenConfig(
        new TokenConfig.Library(path, new InitializeArguments(null, true)),
        new TokenSelector(Optional.of("fake"), Optional.empty(), OptionalLong.empty()),
        Optional.of(new SecretReference("env", "PIN")),
        new TokenConfig.Sessions(SESSIONS, false),
        new TokenConfig.Gcm(Ckm.AES_GCM, mode, Optional.empty(), 4096, 1024),
        new TokenConfig.Keys(
            refuseWeak, TokenConfig.Importing.CREATE, TokenConfig.Unwrapping.OFF, Set.of()),
        new TokenConfig.Pace(Duration.ofMillis(500), Duration.ofMillis(500)));
  }
}
