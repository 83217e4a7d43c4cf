// SPDX-License-Identifier: Apache-2.0
package org.openekm.testkit.oci;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.openekm.api.Bytes;
import tools.jackson.databind.json.JsonMapper;

/**
 * Strikes tokens of any shape. {@link FakeIdentityDomain#token} gives one that is filled in as a
 * real domain would; each method returns a changed copy, so that one good token is the start of
 * many bad ones.
 *
 * <p>Immutable and thread-safe.
 */
public final class TokenMint {

  private static final JsonMapper JSON = JsonMapper.shared();
  private static final Base64.Encoder BASE64_URL = Base64.getUrlEncoder().withoutPadding();

  private final Map<String, Object> header;
  private final Map<String, Object> claims;
  private final Optional<String> rawHeader;
  private final Optional<String> rawClaims;
  private final TokenSigner signer;

  private TokenMint(
      Map<String, Object> header,
      Map<String, Object> claims,
      Optional<String> rawHeader,
      Optional<String> rawClaims,
      TokenSigner signer) {
    this.header = header;
    this.claims = claims;
    this.rawHeader = rawHeader;
    this.rawClaims = rawClaims;
    this.signer = signer;
  }

  /** Returns a mint whose tokens have an {@code alg} header and no claims. */
  public static TokenMint empty(TokenSigner signer) {
    return new TokenMint(
        Map.of("alg", signer.algorithm()), Map.of(), Optional.empty(), Optional.empty(), signer);
  }

  /** Sets a header; it replaces one of the same name. */
  public TokenMint header(String name, Object value) {
    return new TokenMint(with(header, name, value), claims, rawHeader, rawClaims, signer);
  }

  /** Leaves a header out. */
  public TokenMint withoutHeader(String name) {
    return new TokenMint(without(header, name), claims, rawHeader, rawClaims, signer);
  }

  /** Uses this text as the header, whatever it says; it need not be JSON. */
  public TokenMint rawHeader(String text) {
    return new TokenMint(header, claims, Optional.of(text), rawClaims, signer);
  }

  /** Sets a claim; it replaces one of the same name. */
  public TokenMint claim(String name, Object value) {
    return new TokenMint(header, with(claims, name, value), rawHeader, rawClaims, signer);
  }

  /** Leaves a claim out. */
  public TokenMint withoutClaim(String name) {
    return new TokenMint(header, without(claims, name), rawHeader, rawClaims, signer);
  }

  /** Uses this text as the claims, whatever it says; it need not be JSON. */
  public TokenMint rawClaims(String text) {
    return new TokenMint(header, claims, rawHeader, Optional.of(text), signer);
  }

  /** Sets the audiences: a string for one, an array for several, as real domains do. */
  public TokenMint audience(String... audiences) {
    return claim("aud", audiences.length == 1 ? audiences[0] : List.of(audiences));
  }

  /** Sets the scopes, joined by blanks. */
  public TokenMint scope(String... scopes) {
    return claim("scope", String.join(" ", scopes));
  }

  /** Sets the client in the three claims that name it. */
  public TokenMint client(String clientId) {
    return claim("client_id", clientId).claim("sub", clientId).claim("client_guid", clientId);
  }

  /** Sets when it was issued and when it ends. */
  public TokenMint valid(Instant issuedAt, Duration lifetime) {
    return claim("iat", issuedAt.getEpochSecond())
        .claim("exp", issuedAt.plus(lifetime).getEpochSecond());
  }

  /** Signs with another signer and names its algorithm in the header. */
  public TokenMint signedBy(TokenSigner other) {
    return new TokenMint(
        with(header, "alg", other.algorithm()), claims, rawHeader, rawClaims, other);
  }

  /** Returns the token in its compact form. */
  public String serialize() {
    String signingInput = encode(rawHeader, header) + "." + encode(rawClaims, claims);
    Bytes signature = signer.sign(signingInput);
    return signingInput + "." + BASE64_URL.encodeToString(signature.toByteArray());
  }

  private static String encode(Optional<String> raw, Map<String, Object> members) {
    String text = raw.orElseGet(() -> JSON.writeValueAsString(members));
    return BASE64_URL.encodeToString(text.getBytes(StandardCharsets.UTF_8));
  }

  private static Map<String, Object> with(Map<String, Object> members, String name, Object value) {
    Map<String, Object> copy = new LinkedHashMap<>(members);
    copy.put(name, value);
    return copy;
  }

  private static Map<String, Object> without(Map<String, Object> members, String name) {
    Map<String, Object> copy = new LinkedHashMap<>(members);
    copy.remove(name);
    return copy;
  }

  @Override
  public String toString() {
    return "TokenMint[claims=" + new ArrayList<>(claims.keySet()) + "]";
  }
}
