// SPDX-License-Identifier: Apache-2.0
package org.openekm.core.auth;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.security.interfaces.RSAPublicKey;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.openekm.spi.auth.TokenVerifier;
import org.openekm.spi.store.IssuerRecord;
import org.openekm.testkit.oci.FakeIdentityDomain;
import org.openekm.testkit.oci.TokenMint;
import org.openekm.testkit.tck.TokenVerifierTck;

/** The contract of token verifiers, with two identity domains. */
class JwtTokenVerifierTckTest extends TokenVerifierTck {

  private static FakeIdentityDomain home;
  private static FakeIdentityDomain other;

  private AuthFixture auth;
  private IssuerRecord homeIssuer;
  private IssuerRecord otherIssuer;

  @Override
  protected TokenVerifier createVerifier() {
    try {
      auth = AuthFixture.of(config -> config);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    homeIssuer = AuthFixture.issuerOf("first", List.of(home.discoveryUrl()), List.of());
    otherIssuer = AuthFixture.issuerOf("second", List.of(other.discoveryUrl()), List.of());
    auth.registerAndAwaitKeys(homeIssuer, otherIssuer);
    return auth.verifier;
  }

  /**
   * The kit says when tokens are valid, so all tests share two domains with a clock of their own.
   */
  @BeforeAll
  static void startDomains() {
    home = FakeIdentityDomain.start();
    other = FakeIdentityDomain.start();
  }

  @AfterAll
  static void stopDomains() {
    home.close();
    other.close();
  }

  @AfterEach
  void stop() {
    auth.close();
  }

  @Override
  protected IssuerRecord issuer() {
    return homeIssuer;
  }

  @Override
  protected Optional<IssuerRecord> otherIssuer() {
    return Optional.of(otherIssuer);
  }

  @Override
  protected TokenMint goodToken() {
    return home.token("client", "https://ekm.example");
  }

  @Override
  protected RSAPublicKey publicKey() {
    return home.publicKey();
  }

  @Override
  protected Instant now() {
    return auth.clock.instant();
  }

  @Override
  protected boolean advanceClock(Duration step) {
    auth.clock.advance(step);
    return true;
  }
}
