// SPDX-License-Identifier: Apache-2.0
package org.openekm.core.auth;

import java.net.URI;
import java.util.Optional;
import org.openekm.api.Bytes;

/**
 * What a discovery document says.
 *
 * @param issuer {@code issuer}; identity domains of Oracle all say the same general value
 * @param jwksUrl {@code jwks_uri}
 * @param tokenUrl {@code token_endpoint}
 */
record Discovery(Optional<String> issuer, URI jwksUrl, Optional<URI> tokenUrl) {

  private static final int MAX_URL = 2048;
  private static final String WELL_KNOWN = "/.well-known/openid-configuration";

  /** Returns the URL itself or, for a domain's bare URL, the usual place below it. */
  static URI documentUrl(URI configured) {
    String path = configured.getRawPath();
    boolean bare = path == null || path.isEmpty() || path.equals("/");
    return bare && configured.getRawQuery() == null ? configured.resolve(WELL_KNOWN) : configured;
  }

  /**
   * Reads a document, plain or wrapped in {@code openid-configuration}.
   *
   * @throws MalformedJsonException if it is broken or names no keys
   */
  static Discovery read(Bytes document) {
    JsonObject root = JsonObject.parse("discovery", document.toByteArray());
    JsonObject json = root.object("openid-configuration").orElse(root);
    return new Discovery(
        json.text("issuer", MAX_URL),
        url(json, "jwks_uri")
            .orElseThrow(() -> new MalformedJsonException("discovery: jwks_uri is missing")),
        url(json, "token_endpoint"));
  }

  private static Optional<URI> url(JsonObject json, String name) {
    Optional<String> text = json.text(name, MAX_URL);
    try {
      return text.map(URI::create);
    } catch (IllegalArgumentException e) {
      throw new MalformedJsonException("discovery: " + name + " is not a URL");
    }
  }
}
