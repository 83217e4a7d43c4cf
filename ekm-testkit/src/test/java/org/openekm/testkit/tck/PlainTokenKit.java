// SPDX-License-Identifier: Apache-2.0
package org.openekm.testkit.tck;

import java.security.interfaces.RSAPublicKey;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import org.openekm.spi.auth.TokenVerifier;
import org.openekm.spi.store.IssuerId;
import org.openekm.spi.store.IssuerRecord;
import org.openekm.testkit.fake.ManualClock;
import org.openekm.testkit.fake.TestKeys;
import org.openekm.testkit.oci.TokenMint;
import org.openekm.testkit.oci.TokenSigner;

/** The token kit over the plain verifier with given flaws. */
abstract class PlainTokenKit extends TokenVerifierTck {

  private static final String NAME = "https://issuer.example/";

  private final Set<PlainTokenVerifier.Flaw> flaws;
  private final ManualClock clock = new ManualClock();
  private final IssuerRecord issuer = record("one");
  private final IssuerRecord other = record("two");

  PlainTokenKit(Set<PlainTokenVerifier.Flaw> flaws) {
    this.flaws = flaws;
  }

  @Override
  protected TokenVerifier createVerifier() {
    return new PlainTokenVerifier(
        Map.of(issuer.id(), publicKey(), other.id(), TestKeys.rsa(2048, 1).getPublic()),
        clock,
        flaws);
  }

  @Override
  protected IssuerRecord issuer() {
    return issuer;
  }

  @Override
  protected TokenMint goodToken() {
    return TokenMint.empty(TokenSigner.rsa("RS256", TestKeys.rsa().getPrivate()))
        .claim("iss", NAME)
        .claim("jti", "x");
  }

  @Override
  protected RSAPublicKey publicKey() {
    return (RSAPublicKey) TestKeys.rsa().getPublic();
  }

  @Override
  protected Instant now() {
    return clock.instant();
  }

  @Override
  protected boolean advanceClock(Duration step) {
    clock.advance(step);
    return true;
  }

  @Override
  protected Optional<IssuerRecord> otherIssuer() {
    return Optional.of(other);
  }

  private static IssuerRecord record(String name) {
    return new IssuerRecord(
        new IssuerId(UUID.randomUUID()),
        name,
        List.of(),
        List.of(),
        Set.of(NAME),
        Optional.empty(),
        ManualClock.DEFAULT_START);
  }
}
