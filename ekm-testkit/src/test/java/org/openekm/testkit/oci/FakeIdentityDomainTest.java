// SPDX-License-Identifier: Apache-2.0
package org.openekm.testkit.oci;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.nimbusds.jose.JWSVerifier;
import com.nimbusds.jose.crypto.RSASSAVerifier;
import com.nimbusds.jose.jwk.JWKSet;
import com.nimbusds.jwt.SignedJWT;
import java.io.IOException;
import java.net.ConnectException;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Base64;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class FakeIdentityDomainTest {

  private static final String AUDIENCE = "https://172.16.1.103/";
  private static final Instant NOW = Instant.parse("2026-03-01T12:00:00Z");

  private final FakeIdentityDomain domain =
      FakeIdentityDomain.builder().clock(InstantSource.fixed(NOW)).start();
  private final HttpClient http = HttpClient.newHttpClient();
  private OAuthApp resourceApp;
  private OAuthApp clientApp;

  @BeforeEach
  void newApplications() {
    resourceApp = domain.addResourceApp("Resource_App", AUDIENCE);
    clientApp = domain.addClientApp("Client_App", resourceApp);
  }

  @AfterEach
  void recover() {
    domain.recover();
    domain.protectSigningKeys(false);
    domain.serveJwks();
  }

  @AfterAll
  void stop() {
    domain.close();
  }

  @Test
  void discovery_anyDomain_namesGeneralIssuerAndOwnUrls() throws Exception {
    JsonNode document = json(get(domain.discoveryUrl()));

    assertThat(document.path("issuer").asString()).isEqualTo("https://identity.oraclecloud.com/");
    assertThat(document.path("token_endpoint").asString())
        .isEqualTo(domain.url() + "oauth2/v1/token");
    assertThat(document.path("jwks_uri").asString())
        .isEqualTo(domain.url() + "admin/v1/SigningCert/jwk");
  }

  @Test
  void discovery_idcsPath_wrapsTheSameDocument() throws Exception {
    JsonNode plain = json(get(domain.discoveryUrl()));
    JsonNode wrapped = json(get(domain.url().resolve("/.well-known/idcs-configuration")));

    assertThat(wrapped.path("openid-configuration")).isEqualTo(plain);
  }

  @Test
  void jwks_publicKeys_haveTheOdditiesOfRealOnes() throws Exception {
    JsonNode key = json(get(domain.jwksUrl())).path("keys").path(0);

    assertThat(key.path("kid").asString()).isEqualTo("SIGNING_KEY");
    assertThat(key.path("key_ops").values())
        .extracting(JsonNode::asString)
        .containsExactly("encrypt", "sign");
    assertThat(key.has("use")).isFalse();
    assertThat(key.propertyNames()).contains("kty", "n", "e", "alg", "x5t", "x5t#S256", "x5c");
    assertThat(JWKSet.parse(domain.jwks()).getKeys().get(0).toRSAKey().toRSAPublicKey())
        .isEqualTo(domain.publicKey());
  }

  @Test
  void token_clientAppWithConcatenatedScope_hasTheClaimsOfRealTokens() throws Exception {
    HttpResponse<String> answer = askToken(clientApp, AUDIENCE + "oci_ekms");
    SignedJWT token = SignedJWT.parse(json(answer).path("access_token").asString());

    assertThat(json(answer).path("expires_in").asInt()).isEqualTo(3600);
    assertThat(token.getHeader().getAlgorithm().getName()).isEqualTo("RS256");
    assertThat(token.getHeader().getKeyID()).isEqualTo("SIGNING_KEY");
    assertThat(token.getHeader().toJSONObject()).containsKey("x5t").doesNotContainKey("typ");
    var claims = token.getJWTClaimsSet();
    assertThat(claims.getIssuer()).isEqualTo("https://identity.oraclecloud.com/");
    assertThat(claims.getAudience()).containsExactly(AUDIENCE);
    assertThat(claims.getSubject()).isEqualTo(clientApp.clientId());
    assertThat(claims.getStringClaim("client_id")).isEqualTo(clientApp.clientId());
    assertThat(claims.getStringClaim("sub_type")).isEqualTo("client");
    assertThat(claims.getStringClaim("scope")).isEqualTo("oci_ekms");
    assertThat(claims.getStringClaim("tok_type")).isEqualTo("AT");
    assertThat(claims.getStringClaim("tenant_iss")).isEqualTo(domain.tenantIssuer());
    assertThat(domain.url()).hasToString(domain.tenantIssuer() + "/");
    assertThat(claims.getIssueTime().toInstant()).isEqualTo(NOW);
    assertThat(claims.getExpirationTime().toInstant()).isEqualTo(NOW.plusSeconds(3600));
    assertThat(claims.getClaims()).containsKeys("client_ocid", "tenant", "jti");
    assertThat(claims.getNotBeforeTime()).isNull();
    assertThat(token.verify(new RSASSAVerifier(domain.publicKey()))).isTrue();
  }

  @Test
  void token_wrongSecret_isRefusedWith401() throws Exception {
    HttpResponse<String> answer = askToken(clientApp.withSecret("wrong"), AUDIENCE + "oci_ekms");

    assertThat(answer.statusCode()).isEqualTo(401);
    assertThat(json(answer).path("error").asString()).isEqualTo("invalid_client");
  }

  @Test
  void token_oldSecretAfterChange_isRefused() throws Exception {
    OAuthApp changed = domain.changeSecret(clientApp);

    assertThat(askToken(clientApp, AUDIENCE + "oci_ekms").statusCode()).isEqualTo(401);
    assertThat(askToken(changed, AUDIENCE + "oci_ekms").statusCode()).isEqualTo(200);
  }

  @Test
  void token_removedApp_isRefused() throws Exception {
    domain.remove(clientApp);

    assertThat(askToken(clientApp, AUDIENCE + "oci_ekms").statusCode()).isEqualTo(401);
  }

  @Test
  void token_scopeWithoutAudience_isRefused() throws Exception {
    HttpResponse<String> answer = askToken(clientApp, "oci_ekms");

    assertThat(answer.statusCode()).isEqualTo(400);
    assertThat(json(answer).path("error").asString()).isEqualTo("invalid_scope");
  }

  @Test
  void token_otherGrant_isRefused() throws Exception {
    HttpResponse<String> answer = post(clientApp, "grant_type=password&scope=x");

    assertThat(json(answer).path("error").asString()).isEqualTo("unsupported_grant_type");
  }

  @Test
  void token_noCredentials_isRefused() throws Exception {
    HttpRequest request =
        HttpRequest.newBuilder(domain.tokenUrl())
            .POST(HttpRequest.BodyPublishers.ofString("grant_type=client_credentials"))
            .build();

    assertThat(send(request).statusCode()).isEqualTo(401);
  }

  @Test
  void jwks_protectedAndNoToken_isRefused() throws Exception {
    domain.protectSigningKeys(true);

    assertThat(get(domain.jwksUrl()).statusCode()).isEqualTo(401);
  }

  @Test
  void jwks_protectedAndResourceAppToken_isServed() throws Exception {
    domain.protectSigningKeys(true);
    String token = accessToken(resourceApp, "urn:opc:idm:__myscopes__");

    assertThat(getWith(domain.jwksUrl(), token).statusCode()).isEqualTo(200);
  }

  @Test
  void jwks_protectedAndClientAppToken_isRefusedBecauseTheAppsWereMixedUp() throws Exception {
    domain.protectSigningKeys(true);
    String token = accessToken(clientApp, "urn:opc:idm:__myscopes__");

    assertThat(getWith(domain.jwksUrl(), token).statusCode()).isEqualTo(401);
  }

  @Test
  void rotateKey_oldKeyStillPublished_bothHaveTheSameName() throws Exception {
    String oldToken = domain.token(clientApp).serialize();
    domain.rotateKey();
    String newToken = domain.token(clientApp).serialize();

    List<String> names = keyNames();
    assertThat(names).containsExactly("SIGNING_KEY", "SIGNING_KEY");
    assertThat(SignedJWT.parse(oldToken).verify(verifier())).isFalse();
    assertThat(SignedJWT.parse(newToken).verify(verifier())).isTrue();

    domain.retireOldKeys();
    assertThat(keyNames()).containsExactly("SIGNING_KEY");
  }

  @Test
  void serveJwks_ownText_replacesTheKeySetUntilUndone() throws Exception {
    domain.serveJwks("not a key set");
    assertThat(get(domain.jwksUrl()).body()).isEqualTo("not a key set");

    domain.serveJwks();
    assertThat(get(domain.jwksUrl()).body()).isEqualTo(domain.jwks());
  }

  @Test
  void outage_status_lastsUntilRecovery() throws Exception {
    int before = domain.requests(DomainEndpoint.JWKS);
    domain.outage(DomainEndpoint.JWKS, Outage.status(500));
    assertThat(get(domain.jwksUrl()).statusCode()).isEqualTo(500);
    assertThat(get(domain.discoveryUrl()).statusCode()).isEqualTo(200);

    domain.recover();
    assertThat(get(domain.jwksUrl()).statusCode()).isEqualTo(200);
    assertThat(domain.requests(DomainEndpoint.JWKS) - before).isEqualTo(2);
  }

  @Test
  void outage_down_resetsTheConnection() {
    domain.outage(Outage.down());

    assertThatThrownBy(() -> get(domain.jwksUrl())).isInstanceOf(IOException.class);
  }

  @Test
  void outage_slow_answersRightlyAfterTheDelay() throws Exception {
    domain.outage(DomainEndpoint.JWKS, Outage.slow(Duration.ofMillis(300)));
    long start = System.nanoTime();

    assertThat(get(domain.jwksUrl()).body()).isEqualTo(domain.jwks());
    assertThat(Duration.ofNanos(System.nanoTime() - start)).isGreaterThan(Duration.ofMillis(290));
  }

  @Test
  void outage_hugeBody_hasTheSize() throws Exception {
    domain.outage(DomainEndpoint.JWKS, Outage.hugeBody(10_000_000));

    assertThat(get(domain.jwksUrl()).body()).hasSize(10_000_000);
  }

  @Test
  void outage_redirect_pointsElsewhere() throws Exception {
    domain.outage(DomainEndpoint.JWKS, Outage.redirect(URI.create("https://elsewhere.example/")));

    HttpResponse<String> answer = get(domain.jwksUrl());
    assertThat(answer.statusCode()).isEqualTo(302);
    assertThat(answer.headers().firstValue("Location")).contains("https://elsewhere.example/");
  }

  @Test
  void close_laterCalls_areRefusedAConnection() {
    FakeIdentityDomain closed = FakeIdentityDomain.start();
    closed.close();

    assertThatThrownBy(() -> get(closed.jwksUrl())).isInstanceOf(ConnectException.class);
  }

  @Test
  void toString_ofAnApp_hidesTheSecret() {
    assertThat(clientApp.toString())
        .contains(clientApp.clientId())
        .doesNotContain(clientApp.clientSecret());
  }

  private JWSVerifier verifier() {
    return new RSASSAVerifier(domain.publicKey());
  }

  private List<String> keyNames() throws Exception {
    return json(get(domain.jwksUrl())).path("keys").values().stream()
        .map(key -> key.path("kid").asString())
        .toList();
  }

  private String accessToken(OAuthApp app, String scope) throws Exception {
    return json(askToken(app, scope)).path("access_token").asString();
  }

  private HttpResponse<String> askToken(OAuthApp app, String scope) throws Exception {
    String encoded = URLEncoder.encode(scope, StandardCharsets.UTF_8);
    return post(app, "grant_type=client_credentials&scope=" + encoded);
  }

  private HttpResponse<String> post(OAuthApp app, String form) throws Exception {
    String pair = app.clientId() + ":" + app.clientSecret();
    String basic = Base64.getEncoder().encodeToString(pair.getBytes(StandardCharsets.UTF_8));
    return send(
        HttpRequest.newBuilder(domain.tokenUrl())
            .header("Authorization", "Basic " + basic)
            .header("Content-Type", "application/x-www-form-urlencoded")
            .POST(HttpRequest.BodyPublishers.ofString(form))
            .build());
  }

  private HttpResponse<String> get(URI url) throws Exception {
    return send(HttpRequest.newBuilder(url).build());
  }

  private HttpResponse<String> getWith(URI url, String token) throws Exception {
    return send(HttpRequest.newBuilder(url).header("Authorization", "Bearer " + token).build());
  }

  private HttpResponse<String> send(HttpRequest request) throws Exception {
    return http.send(request, HttpResponse.BodyHandlers.ofString());
  }

  private static JsonNode json(HttpResponse<String> answer) {
    return JsonMapper.shared().readTree(answer.body());
  }
}
