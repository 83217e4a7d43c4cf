// SPDX-License-Identifier: Apache-2.0
package org.openekm.core.auth;

import java.time.Instant;
import java.time.InstantSource;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;
import org.openekm.api.VerifiedClient;
import org.openekm.spi.CheckResult;
import org.openekm.spi.auth.TokenVerifier;
import org.openekm.spi.store.IssuerRecord;

/**
 * Checks RS256, RS384 and RS512 tokens of the registered issuers against keys that are fetched in
 * the background.
 *
 * <p>Nothing here waits for an identity domain: while there are no good keys, tokens are refused.
 * Tokens that passed are remembered until they expire or the keys change. Thread-safe; the request
 * side takes no lock.
 */
public final class JwtTokenVerifier implements TokenVerifier, AutoCloseable {

  private final TokenShape shape;
  private final InstantSource clock;
  private final long skewSeconds;
  private final IssuerRegistry registry;
  private final VerifiedTokenCache cache;

  JwtTokenVerifier(JwtTokenVerifierBuilder parts) {
    TokenCheckConfig config = parts.config();
    this.shape = new TokenShape(config.maxTokenLength());
    this.clock = parts.clock();
    this.skewSeconds = config.clockSkew().toSeconds();
    this.cache = new VerifiedTokenCache(config, parts.clock(), parts.nanoClock());
    JwkSetSource.Parts shared = parts.sourceParts(new AtomicLong()::incrementAndGet);
    this.registry = new IssuerRegistry(issuer -> new JwkSetSource(issuer, shared));
  }

  /** Returns a builder. */
  public static JwtTokenVerifierBuilder builder() {
    return new JwtTokenVerifierBuilder();
  }

  /**
   * Believes exactly these issuers from now on and starts to fetch the keys of the new ones. Does
   * not wait for them.
   *
   * @throws IllegalStateException after {@link #close()}
   */
  public void issuers(Collection<IssuerRecord> issuers) {
    registry.replace(issuers);
  }

  /**
   * {@inheritDoc}
   *
   * <p>The issuer is looked up by its id; what counts is the record given to {@link #issuers}.
   */
  @Override
  public VerifiedClient verify(IssuerRecord issuer, String token) {
    shape.requireLength(token);
    JwkSetSource source =
        registry
            .find(issuer.id())
            .orElseThrow(() -> Refusals.invalid("its issuer is not registered"));
    JwkSet keys =
        source
            .current()
            .orElseThrow(
                () -> Refusals.invalid("the issuer's signing keys are not there or too old"));
    long now = clock.instant().getEpochSecond();
    VerifiedTokenCache.Key key = VerifiedTokenCache.Key.of(token, issuer.id(), keys.generation());
    Optional<CheckedToken> known = cache.find(key);
    if (known.isPresent()) {
      known.get().validity().require(now, skewSeconds);
      return known.get().client();
    }
    CheckedToken checked = check(token, keys, source, now);
    cache.add(key, checked);
    return checked.client();
  }

  /** Claims come first: they cost less, and a token that fails them makes nobody fetch keys. */
  private CheckedToken check(String token, JwkSet keys, JwkSetSource source, long now) {
    ParsedToken parsed;
    TokenClaims claims;
    try {
      parsed = shape.parse(token);
      claims = TokenClaims.read(parsed.claims());
    } catch (MalformedJsonException e) {
      throw Refusals.invalid(String.valueOf(e.getMessage()));
    }
    keys.issuerMatch().require(claims.issuer(), claims.tenantIssuer());
    claims.validity().require(now, skewSeconds);
    if (!keys.hasSigned(parsed)) {
      source.suspectRotation();
      throw Refusals.invalid("the signature is by none of the issuer's keys");
    }
    return new CheckedToken(client(claims), claims.validity());
  }

  private static VerifiedClient client(TokenClaims claims) {
    return new VerifiedClient(
        claims.clientId(),
        claims.tokenId(),
        claims.audiences(),
        claims.scopes(),
        Instant.ofEpochSecond(claims.validity().expiresAt()));
  }

  /** Says whether each issuer has keys that can be used now. Does not block. */
  public CheckResult check() {
    List<String> without =
        registry.all().stream()
            .filter(source -> source.current().isEmpty())
            .map(source -> source.issuer().name())
            .sorted()
            .toList();
    return without.isEmpty()
        ? CheckResult.ok("signing keys of " + registry.all().size() + " issuers are at hand")
        : CheckResult.failed(
            "no usable signing keys of issuer "
                + String.join(", ", without)
                + "; see the warnings token-keys in the log for the reason");
  }

  /** Stops fetching; from now on every token is refused. */
  @Override
  public void close() {
    registry.close();
  }
}
