// SPDX-License-Identifier: Apache-2.0
package org.openekm.core.auth;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Collectors;

/**
 * The keys of an issuer at one time, ready for use, with the issuer names that go with them.
 * Immutable and thread-safe.
 */
final class JwkSet {

  private final PublishedKeys published;
  private final long generation;
  private final IssuerMatch issuerMatch;
  private final List<TokenKey> keys;
  private final Map<String, List<TokenKey>> byThumbprint256;
  private final Map<String, List<TokenKey>> byThumbprint;
  private final Map<String, List<TokenKey>> byKeyId;

  JwkSet(PublishedKeys published, long generation, IssuerMatch issuerMatch) {
    this.published = published;
    this.generation = generation;
    this.issuerMatch = issuerMatch;
    this.keys = published.keys().stream().map(TokenKey::of).toList();
    this.byThumbprint256 = index(Jwk::thumbprint256);
    this.byThumbprint = index(Jwk::thumbprint);
    this.byKeyId = index(Jwk::keyId);
  }

  /**
   * Returns a number that no other set of this process has: what was checked by it goes with it.
   */
  long generation() {
    return generation;
  }

  IssuerMatch issuerMatch() {
    return issuerMatch;
  }

  int size() {
    return keys.size();
  }

  boolean isSameAs(PublishedKeys other) {
    return published.equals(other);
  }

  /** Returns true if one of the keys that the header points to has signed the token. */
  boolean hasSigned(ParsedToken token) {
    for (TokenKey key : candidates(token.header())) {
      if (key.hasSigned(token)) {
        return true;
      }
    }
    return false;
  }

  /**
   * The best hint that fits any key decides. If none fits, all keys are tried: identity domains
   * give every key the same id, so an id says little.
   */
  private List<TokenKey> candidates(TokenHeader header) {
    return find(byThumbprint256, header.thumbprint256())
        .or(() -> find(byThumbprint, header.thumbprint()))
        .or(() -> find(byKeyId, header.keyId()))
        .orElse(keys);
  }

  private static Optional<List<TokenKey>> find(
      Map<String, List<TokenKey>> index, Optional<String> name) {
    return name.map(index::get);
  }

  private Map<String, List<TokenKey>> index(Function<Jwk, Optional<String>> name) {
    Map<String, List<TokenKey>> named =
        keys.stream()
            .filter(key -> name.apply(key.jwk()).isPresent())
            .collect(Collectors.groupingBy(key -> name.apply(key.jwk()).orElseThrow()));
    return Map.copyOf(named);
  }
}
