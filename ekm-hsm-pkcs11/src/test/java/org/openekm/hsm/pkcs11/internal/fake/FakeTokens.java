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
import org.openekm.hsm.pkcs11.internal.cryptoki.Ckm;
import org.openekm.hsm.pkcs11.internal.cryptoki.InitializeArguments;
import org.openekm.hsm.pkcs11.internal.token.IvMode;
import org.openekm.hsm.pkcs11.internal.token.SharedLibraries;
import org.openekm.hsm.pkcs11.internal.token.TokenConfig;
import org.openekm.hsm.pkcs11.internal.token.TokenKeyBackend;
import org.openekm.hsm.pkcs11.internal.token.TokenSelector;
import org.openekm.hsm.pkcs11.testtoken.Backends;
import org.openekm.spi.SecretReference;
import org.openekm.spi.backend.KeyBackend;

/** Opens backends on a fake library. */
public final class FakeTokens {

  private final FakeCryptoki library;
  private final SharedLibraries libraries;
  private final Path path;
  private Supplier<String> pin = () -> "1234";

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

  /** Opens a backend with four sessions. */
  public KeyBackend open(IvMode mode) {
    return TokenKeyBackend.withWorkers(config(mode, 4), libraries, Backends.context(pin, Map.of()));
  }

  private TokenConfig config(IvMode mode, int sessions) {
    return new TokenConfig(
        new TokenConfig.Library(path, new InitializeArguments(null, true)),
        new TokenSelector(Optional.of("fake"), Optional.empty(), OptionalLong.empty()),
        Optional.of(new SecretReference("env", "PIN")),
        new TokenConfig.Sessions(sessions, false),
        new TokenConfig.Gcm(Ckm.AES_GCM, mode, Optional.empty(), 4096, 1024),
        new TokenConfig.Keys(true, TokenConfig.Importing.CREATE, Set.of()),
        new TokenConfig.Pace(Duration.ofMillis(500), Duration.ofMillis(500)));
  }
}
