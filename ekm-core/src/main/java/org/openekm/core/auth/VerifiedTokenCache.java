// SPDX-License-Identifier: Apache-2.0
package org.openekm.core.auth;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import com.github.benmanes.caffeine.cache.Expiry;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Optional;
import org.openekm.api.NanoClock;
import org.openekm.spi.store.IssuerId;

/**
 * Remembers tokens that passed, never tokens that failed: strangers can't fill it. Tokens are kept
 * as SHA-256 only.
 *
 * <p>An entry answers to the exact text, the issuer and the generation of keys it was checked by,
 * so that a key that is gone takes its tokens with it. Thread-safe, without locks for readers.
 */
final class VerifiedTokenCache {

  private final Cache<Key, CheckedToken> tokens;

  VerifiedTokenCache(TokenCheckConfig config, InstantSource clock, NanoClock nanoClock) {
    Duration skew = config.clockSkew();
    this.tokens =
        Caffeine.newBuilder()
            .maximumSize(config.cacheSize())
            .ticker(nanoClock::nanos)
            .expireAfter(
                Expiry.<Key, CheckedToken>creating(
                    (key, token) -> token.timeLeft(clock.instant(), skew)))
            .executor(Runnable::run)
            .build();
  }

  Optional<CheckedToken> find(Key key) {
    return Optional.ofNullable(tokens.getIfPresent(key));
  }

  void add(Key key, CheckedToken token) {
    tokens.put(key, token);
  }

  /** The SHA-256 of a token's text in four numbers, with the issuer and the keys' generation. */
  record Key(long a, long b, long c, long d, Scope scope) {

    static Key of(String token, IssuerId issuer, long generation) {
      // Characters above Latin-1 become '?', which no token that passed contains.
      byte[] text = token.getBytes(StandardCharsets.ISO_8859_1);
      ByteBuffer hash = ByteBuffer.wrap(sha256().digest(text));
      return new Key(
          hash.getLong(),
          hash.getLong(),
          hash.getLong(),
          hash.getLong(),
          new Scope(issuer, generation));
    }

    private static MessageDigest sha256() {
      try {
        return MessageDigest.getInstance("SHA-256");
      } catch (NoSuchAlgorithmException e) {
        throw new IllegalStateException("This Java has no SHA-256", e);
      }
    }
  }

  /** Whose token it is, and by which keys it was checked. */
  record Scope(IssuerId issuer, long generation) {}
}
