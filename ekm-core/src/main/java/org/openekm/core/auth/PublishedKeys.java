// SPDX-License-Identifier: Apache-2.0
package org.openekm.core.auth;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.openekm.api.Bytes;

/**
 * What an identity domain publishes at one time.
 *
 * @param discoveredIssuer the {@code issuer} of its discovery document; absent without discovery
 * @param keys its usable keys, in its order; possibly none, and then no token is valid
 * @param ignored how many keys can't check our tokens: elliptic, weak, broken, for another
 *     algorithm
 */
record PublishedKeys(Optional<String> discoveredIssuer, List<Jwk> keys, int ignored) {

  private static final int MAX_KEYS = 16;

  PublishedKeys {
    keys = List.copyOf(keys);
  }

  /**
   * Reads a JWK set.
   *
   * @throws MalformedJsonException if the document is broken
   */
  static PublishedKeys read(Bytes document, Optional<String> discoveredIssuer) {
    JsonObject json = JsonObject.parse("signing keys", document.toByteArray());
    List<JsonObject> published = json.objects("keys", MAX_KEYS);
    List<Jwk> usable = new ArrayList<>();
    for (JsonObject key : published) {
      read(key).ifPresent(usable::add);
    }
    return new PublishedKeys(discoveredIssuer, usable, published.size() - usable.size());
  }

  /** One broken key must not keep the good ones beside it out; it counts as ignored. */
  private static Optional<Jwk> read(JsonObject key) {
    try {
      return Jwk.read(key);
    } catch (MalformedJsonException e) {
      return Optional.empty();
    }
  }
}
