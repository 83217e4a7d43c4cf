// SPDX-License-Identifier: Apache-2.0
package org.openekm.testkit.oci;

import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import tools.jackson.databind.json.JsonMapper;

/** What an identity domain knows: applications, signing keys, issued tokens. Thread-safe. */
final class DomainState {

  /** The scope that lets a resource application use the domain's own API. */
  static final String OWN_SCOPES = "urn:opc:idm:__myscopes__";

  private static final JsonMapper JSON = JsonMapper.shared();

  private final InstantSource clock;
  private final String issuer;
  private final Duration tokenLifetime;
  private final SecureRandom random = new SecureRandom();
  private final String tenant = "idcs-" + randomHex(16);
  private final String region = "eu-frankfurt-1";
  private final Map<String, OAuthApp> apps = new ConcurrentHashMap<>();
  private final Map<String, Instant> ownTokens = new ConcurrentHashMap<>();

  private volatile String tenantIssuer = "";

  /** The newest first; that one signs. */
  private final List<SigningKey> keys = new CopyOnWriteArrayList<>();

  DomainState(InstantSource clock, String issuer, Duration tokenLifetime) {
    this.clock = clock;
    this.issuer = issuer;
    this.tokenLifetime = tokenLifetime;
    rotateKey();
  }

  String issuer() {
    return issuer;
  }

  String tenant() {
    return tenant;
  }

  /** Sets the domain's own URL, which is known only once it listens. */
  void locatedAt(String origin) {
    tenantIssuer = origin;
  }

  String tenantIssuer() {
    return tenantIssuer;
  }

  /** The time by the domain's clock, as HTTP writes it. */
  String httpDate() {
    return DateTimeFormatter.RFC_1123_DATE_TIME.format(clock.instant().atOffset(ZoneOffset.UTC));
  }

  Duration tokenLifetime() {
    return tokenLifetime;
  }

  OAuthApp addResourceApp(String name, String audience, Set<String> scopes) {
    return add(OAuthApp.Kind.RESOURCE, name, audience, scopes);
  }

  OAuthApp addClientApp(String name, OAuthApp resourceApp) {
    return add(OAuthApp.Kind.CLIENT, name, resourceApp.audience(), resourceApp.scopes());
  }

  private OAuthApp add(OAuthApp.Kind kind, String name, String audience, Set<String> scopes) {
    String secret = "idcscs-" + UUID.randomUUID();
    OAuthApp app = new OAuthApp(kind, name, randomHex(16), secret, audience, scopes);
    apps.put(app.clientId(), app);
    return app;
  }

  void replace(OAuthApp app) {
    apps.put(app.clientId(), app);
  }

  void remove(OAuthApp app) {
    apps.remove(app.clientId());
  }

  Optional<OAuthApp> app(String clientId) {
    return Optional.ofNullable(apps.get(clientId));
  }

  void rotateKey() {
    keys.add(0, SigningKey.generate(clock.instant()));
  }

  void retireOldKeys() {
    keys.subList(1, keys.size()).clear();
  }

  SigningKey signingKey() {
    return keys.get(0);
  }

  String jwks() {
    return JSON.writeValueAsString(Map.of("keys", keys.stream().map(SigningKey::jwk).toList()));
  }

  /** Returns a token for the domain's own API and remembers it. */
  String ownToken(OAuthApp app) {
    String token =
        mint(app.clientId())
            .audience(tenantIssuer(), issuer)
            .scope(OWN_SCOPES)
            .claim("client_name", app.name())
            .serialize();
    Instant now = clock.instant();
    ownTokens.values().removeIf(expiry -> !expiry.isAfter(now));
    if (app.kind() == OAuthApp.Kind.RESOURCE) {
      ownTokens.put(token, now.plus(tokenLifetime));
    }
    return token;
  }

  /** Tells whether the token opens the domain's own API. */
  boolean isOwnToken(String token) {
    Instant expiry = ownTokens.get(token);
    return expiry != null && expiry.isAfter(clock.instant());
  }

  /** Returns a mint with all claims of a client credentials token but audience and scope. */
  TokenMint mint(String clientId) {
    SigningKey key = signingKey();
    TokenMint mint =
        TokenMint.empty(key.signer())
            .header("x5t", key.thumbprint())
            .header("kid", SigningKey.KEY_ID)
            .client(clientId)
            .valid(clock.instant(), tokenLifetime);
    for (Map.Entry<String, Object> claim : tenantClaims().entrySet()) {
      mint = mint.claim(claim.getKey(), claim.getValue());
    }
    return mint.claim("jti", randomHex(16));
  }

  private Map<String, Object> tenantClaims() {
    Map<String, Object> claims = new LinkedHashMap<>();
    claims.put("iss", issuer);
    claims.put("sub_type", "client");
    claims.put("client_ocid", "ocid1.domainapp.oc1." + region + "." + randomHex(30));
    claims.put("client_tenantname", tenant);
    claims.put("tenant", tenant);
    claims.put("tenant_iss", tenantIssuer());
    claims.put("user.tenant.name", tenant);
    claims.put("user_tenantname", tenant);
    claims.put("tok_type", "AT");
    claims.put("gtp", "cc");
    claims.put("primTenant", true);
    claims.put("opc", true);
    claims.put("domain", "Default");
    claims.put("domain_home", region);
    claims.put("region_name", region);
    claims.put("ca_name", "acme");
    claims.put("ca_ocid", "ocid1.tenancy.oc1..aaaaaaaaacme");
    return claims;
  }

  private String randomHex(int bytes) {
    byte[] value = new byte[bytes];
    random.nextBytes(value);
    return HexFormat.of().formatHex(value);
  }
}
