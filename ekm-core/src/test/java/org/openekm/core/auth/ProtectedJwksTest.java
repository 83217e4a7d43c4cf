// SPDX-License-Identifier: Apache-2.0
package org.openekm.core.auth;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.URI;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.openekm.spi.SecretReference;
import org.openekm.spi.store.IssuerRecord;
import org.openekm.spi.store.IssuerRecord.JwksClient;

/** Signing keys behind client credentials, as identity domains have them unless told otherwise. */
class ProtectedJwksTest {

  private static final String TOKEN = "/oauth2/v1/token";
  private static final String DISCOVERY = "/.well-known/openid-configuration";
  private static final String SECRET = "${env:JWKS_SECRET}";

  private AuthFixture auth;

  @BeforeEach
  void start() throws IOException {
    auth = AuthFixture.of(config -> config);
    auth.secrets.put(SECRET, "idcscs-sesame");
    auth.server.on(TOKEN, this::token);
    auth.server.on(AuthFixture.JWKS, this::keys);
    String document =
        "{\"issuer\":\"https://identity.oraclecloud.com/\",\"jwks_uri\":\""
            + auth.server.url(AuthFixture.JWKS)
            + "\",\"token_endpoint\":\""
            + auth.server.url(TOKEN)
            + "\"}";
    auth.server.on(DISCOVERY, LoopbackServer.json(document));
  }

  @AfterEach
  void stop() {
    auth.close();
  }

  private void token(LoopbackServer.Request request, java.io.OutputStream out) throws IOException {
    boolean good =
        request.method().equals("POST")
            && basic("res-app", "idcscs-sesame").equals(request.headers().get("authorization"))
            && "application/x-www-form-urlencoded".equals(request.headers().get("content-type"))
            && request
                .body()
                .equals("grant_type=client_credentials&scope=urn%3Aopc%3Aidm%3A__myscopes__");
    String body = "{\"access_token\":\"opaque-1\",\"token_type\":\"Bearer\",\"expires_in\":3600}";
    LoopbackServer.status(good ? 200 : 401, "", good ? body : "{\"error\":\"invalid_client\"}")
        .write(request, out);
  }

  private void keys(LoopbackServer.Request request, java.io.OutputStream out) throws IOException {
    boolean good = "Bearer opaque-1".equals(request.headers().get("authorization"));
    String body = TokenForge.jwks(TokenForge.jwk(TokenForge.A));
    LoopbackServer.status(good ? 200 : 401, "", good ? body : "").write(request, out);
  }

  private static String basic(String id, String secret) {
    return "Basic " + Base64.getEncoder().encodeToString((id + ":" + secret).getBytes(UTF_8));
  }

  private IssuerRecord issuer(List<URI> discovery, List<URI> jwks, Optional<URI> tokenUrl) {
    JwksClient client = new JwksClient("res-app", SecretReference.parse(SECRET), tokenUrl);
    return new IssuerRecord(
        auth.issuer.id(),
        "home",
        discovery,
        jwks,
        Set.of(),
        Optional.of(client),
        auth.issuer.createdAt());
  }

  private IssuerRecord discovering() {
    return issuer(List.of(auth.server.url(DISCOVERY)), List.of(), Optional.empty());
  }

  private String failure() {
    auth.awaitFetches(1);
    assertThat(auth.listener.tokenKeys().get(0).succeeded()).isFalse();
    assertThat(auth.refusal(auth.token().signed())).contains("not there");
    String text = auth.listener.warnings().get(0).text();
    assertThat(text).doesNotContain("sesame").doesNotContain("opaque-1");
    return text;
  }

  @Test
  void fetch_byDiscovery_getsATokenForTheKeys() {
    auth.registerAndAwaitKeys(discovering());
    auth.assertAccepted(auth.token().signed());
    assertThat(auth.server.requests(DISCOVERY).get(0).headers()).doesNotContainKey("authorization");
  }

  @Test
  void fetch_byFixedUrls_getsATokenForTheKeys() {
    auth.registerAndAwaitKeys(
        issuer(
            List.of(),
            List.of(auth.server.url(AuthFixture.JWKS)),
            Optional.of(auth.server.url(TOKEN))));
    auth.assertAccepted(auth.token().signed());
  }

  @Test
  void fetch_withoutClient_isRefusedByTheDomainAndByUs() {
    auth.register(
        AuthFixture.issuerOf("home", List.of(), List.of(auth.server.url(AuthFixture.JWKS))));
    assertThat(failure()).contains("401").contains("client id and secret");
  }

  @Test
  void fetch_wrongSecret_isAFailureUntilItIsPutRight() {
    auth.secrets.put(SECRET, "wrong-sesame");
    auth.register(discovering());
    assertThat(failure()).contains("401");
    assertThat(auth.server.requests(AuthFixture.JWKS)).isEmpty();
    auth.secrets.put(SECRET, "idcscs-sesame");
    auth.registerAndAwaitKeys(discovering());
    auth.assertAccepted(auth.token().signed());
  }

  @Test
  void fetch_wrongSecretLater_keepsTheLastGoodKeys() {
    auth.registerAndAwaitKeys(discovering());
    auth.secrets.put(SECRET, "changed");
    auth.refetch();
    auth.assertAccepted(auth.token().signed());
    assertThat(auth.listener.tokenKeys().get(1).succeeded()).isFalse();
  }

  @Test
  void fetch_missingSecret_isAFailureThatNamesTheReference() {
    auth.secrets.remove(SECRET);
    auth.register(discovering());
    assertThat(failure()).contains(SECRET);
    assertThat(auth.server.requests(TOKEN)).isEmpty();
  }

  @Test
  void fetch_fixedKeysWithoutTokenUrl_isAFailureThatSaysSo() {
    auth.register(issuer(List.of(), List.of(auth.server.url(AuthFixture.JWKS)), Optional.empty()));
    assertThat(failure()).contains("needs a token URL");
  }

  @Test
  void fetch_discoveryThatSendsTheSecretElsewhere_isAFailure() throws IOException {
    try (LoopbackServer thief = LoopbackServer.http()) {
      String document =
          "{\"jwks_uri\":\""
              + auth.server.url(AuthFixture.JWKS)
              + "\",\"token_endpoint\":\""
              + thief.url(TOKEN)
              + "\"}";
      auth.server.on(DISCOVERY, LoopbackServer.json(document));
      auth.register(discovering());
      assertThat(failure()).contains("another server");
      assertThat(thief.requests(TOKEN)).isEmpty();
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{}",
        "{\"access_token\":\"\"}",
        "{\"access_token\":7}",
        "{\"access_token\":\"a b\"}",
        "{\"access_token\":\"a\\r\\nX-Evil: 1\"}",
        "{\"access_token\":\"a\",\"token_type\":\"MAC\"}",
        "{\"access_token\":\"a\",\"access_token\":\"opaque-1\"}",
        "not json"
      })
  void fetch_tokenAnswerThatIsNoBearerToken_isAFailure(String answer) {
    auth.server.on(TOKEN, LoopbackServer.json(answer));
    auth.register(discovering());
    assertThat(failure()).contains(DISCOVERY);
    assertThat(auth.server.requests(AuthFixture.JWKS)).isEmpty();
  }

  @Test
  void toString_ofARequest_hidesTheCredential() {
    HttpFetcher.Request request =
        new HttpFetcher.Request(
            auth.server.url(TOKEN), Optional.of("Basic c2VjcmV0"), Optional.of("x=y"));
    assertThat(request.toString()).startsWith("POST http").doesNotContain("c2VjcmV0");
  }
}
