// SPDX-License-Identifier: Apache-2.0
package org.openekm.core.auth;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.URI;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.openekm.spi.store.IssuerRecord;

/** From the discovery document to the keys. */
class DiscoveryTest {

  private static final String PATH = "/.well-known/openid-configuration";

  private AuthFixture auth;

  @BeforeEach
  void start() throws IOException {
    auth = AuthFixture.of(config -> config);
    auth.publish(TokenForge.jwk(TokenForge.A));
  }

  @AfterEach
  void stop() {
    auth.close();
  }

  private String document(String issuer) {
    return "{\"issuer\":\""
        + issuer
        + "\",\"jwks_uri\":\""
        + auth.server.url(AuthFixture.JWKS)
        + "\",\"token_endpoint\":\""
        + auth.server.url("/oauth2/v1/token")
        + "\"}";
  }

  private IssuerRecord discovering(String... paths) {
    return AuthFixture.issuerOf("home", Stream.of(paths).map(auth.server::url).toList(), List.of());
  }

  @Test
  void fetch_discoveryUrl_leadsToTheKeysAndAddsItsIssuer() {
    auth.server.on(PATH, LoopbackServer.json(document("https://idcs-7.example:443/")));
    auth.registerAndAwaitKeys(discovering(PATH));
    auth.assertAccepted(auth.token().text("iss", "https://idcs-7.example").signed());
    auth.assertAccepted(auth.token().signed());
    assertThat(auth.refusal(auth.token().text("iss", "https://idcs-8.example").signed()))
        .contains("iss");
  }

  @Test
  void fetch_discoveryWithTheGeneralIssuer_isFineAlthoughItIsNotTheUrl() {
    auth.server.on(PATH, LoopbackServer.json(document("https://identity.oraclecloud.com/")));
    auth.registerAndAwaitKeys(discovering(PATH));
    auth.assertAccepted(auth.token().signed());
  }

  @Test
  void fetch_wrappedDocument_isUnderstood() {
    String path = "/.well-known/idcs-configuration";
    String wrapped = "{\"openid-configuration\":" + document("https://x.example") + ",\"y\":{}}";
    auth.server.on(path, LoopbackServer.json(wrapped));
    auth.registerAndAwaitKeys(discovering(path));
    auth.assertAccepted(auth.token().text("iss", "https://x.example/").signed());
  }

  @Test
  void fetch_bareDomainUrl_meansItsWellKnownPlace() {
    auth.server.on(PATH, LoopbackServer.json(document("https://x.example")));
    for (String bare : new String[] {"", "/"}) {
      auth.register();
      auth.registerAndAwaitKeys(discovering(bare));
    }
    assertThat(auth.server.requests(PATH)).hasSize(2);
    auth.assertAccepted(auth.token().signed());
  }

  @Test
  void fetch_firstRegionDown_takesTheSecond() throws IOException {
    auth.server.on("/a", LoopbackServer.status(503, "", ""));
    auth.server.on("/b", LoopbackServer.json("{\"issuer\":\"https://x.example\"}"));
    auth.server.on("/c", LoopbackServer.json(document("https://x.example")));
    auth.server.on("/d", LoopbackServer.json(document("https://y.example")));
    auth.registerAndAwaitKeys(discovering("/a", "/b", "/c", "/d"));
    auth.assertAccepted(auth.token().signed());
    assertThat(auth.server.requests("/a")).hasSize(1);
    assertThat(auth.server.requests("/b")).hasSize(1);
    assertThat(auth.server.requests("/d")).isEmpty();
  }

  @Test
  void fetch_allRegionsDown_namesTheReasonOfEach() {
    auth.server.on("/a", LoopbackServer.status(503, "", ""));
    auth.server.on("/b", LoopbackServer.json("[]"));
    auth.register(discovering("/a", "/b"));
    auth.awaitFetches(1);
    String text = auth.listener.warnings().get(0).text();
    assertThat(text).contains("/a answered 503").contains("/b discovery is not a JSON object");
    assertThat(auth.refusal(auth.token().signed())).contains("not there");
  }

  static Stream<String> badDocuments() {
    return Stream.of(
        "{}",
        "{\"jwks_uri\":7}",
        "{\"jwks_uri\":\"\"}",
        "{\"jwks_uri\":\"::\"}",
        "{\"jwks_uri\":\"/relative\"}",
        "{\"jwks_uri\":\"file:///etc/passwd\"}",
        "{\"jwks_uri\":\"https://evil.example/jwk\"}",
        "{\"jwks_uri\":\"http://169.254.169.254/latest\"}",
        "{\"jwks_uri\":\"http://127.0.0.1:1/jwk\"}",
        "{\"openid-configuration\":[]}");
  }

  @ParameterizedTest
  @MethodSource("badDocuments")
  void fetch_documentThatPointsNowhereOrElsewhere_isAFailure(String json) {
    auth.server.on(PATH, LoopbackServer.json(json));
    auth.register(discovering(PATH));
    auth.awaitFetches(1);
    assertThat(auth.listener.tokenKeys().get(0).succeeded()).isFalse();
    assertThat(auth.server.requests(AuthFixture.JWKS)).isEmpty();
    assertThat(auth.refusal(auth.token().signed())).contains("not there");
  }

  @ParameterizedTest
  @CsvSource({
    "https://idcs-1.identity.oraclecloud.com:443/admin/v1/SigningCert/jwk,true",
    "https://idcs-1.us-ashburn-idcs-1.identity.oraclecloud.com/admin/v1/SigningCert/jwk,true",
    "https://IDCS-1.identity.oraclecloud.com/jwk,true",
    "https://idcs-1.identity.oraclecloud.com:8443/jwk,false",
    "http://idcs-1.identity.oraclecloud.com/jwk,false",
    "https://identity.oraclecloud.com.evil.example/jwk,false",
    "https://evil.example/jwk,false",
    "https://evilidentity.oraclecloud.com/jwk,false"
  })
  void require_urlFromDiscoveryOfAnOracleDomain_staysInOraclesDomains(String url, boolean allowed) {
    URI discovery = URI.create("https://idcs-1.identity.oraclecloud.com" + PATH);
    IssuerRecord issuer = AuthFixture.issuerOf("x", List.of(discovery), List.of());
    TrustedOrigins origins = new TrustedOrigins(issuer, false);
    if (allowed) {
      assertThat(origins.require(URI.create(url))).isEqualTo(URI.create(url));
    } else {
      assertThatThrownBy(() -> origins.require(URI.create(url))).isInstanceOf(FetchException.class);
    }
  }

  @Test
  void require_urlFromDiscoveryOfAnotherDomain_doesNotReachOraclesDomains() {
    URI discovery = URI.create("https://idp.example" + PATH);
    IssuerRecord issuer = AuthFixture.issuerOf("x", List.of(discovery), List.of());
    TrustedOrigins origins = new TrustedOrigins(issuer, false);
    assertThat(origins.require(URI.create("https://IDP.example:443/k"))).isNotNull();
    assertThatThrownBy(
            () -> origins.require(URI.create("https://idcs-1.identity.oraclecloud.com/k")))
        .hasMessageContaining("another server");
  }
}
