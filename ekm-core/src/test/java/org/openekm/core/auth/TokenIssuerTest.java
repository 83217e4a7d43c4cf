// SPDX-License-Identifier: Apache-2.0
package org.openekm.core.auth;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.URI;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.openekm.spi.store.IssuerRecord;

/** Whose tokens are believed, and for which vaults. */
class TokenIssuerTest {

  private AuthFixture auth;

  @BeforeEach
  void start() throws IOException {
    auth = AuthFixture.ready();
  }

  @AfterEach
  void stop() {
    auth.close();
  }

  private IssuerRecord accepting(String... issuers) {
    IssuerRecord base = auth.issuer;
    return new IssuerRecord(
        base.id(),
        base.name(),
        base.discoveryUrls(),
        base.jwksUrls(),
        Set.of(issuers),
        Optional.empty(),
        base.createdAt());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "https://identity.oraclecloud.com/",
        "https://identity.oraclecloud.com",
        "https://identity.oraclecloud.com:443/",
        "https://identity.oraclecloud.com:443"
      })
  void verify_generalIssuer_isAcceptedInItsUsualSpellings(String iss) {
    auth.assertAccepted(auth.token().text("iss", iss).signed());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "https://identity.oraclecloud.com//",
        "https://Identity.oraclecloud.com/",
        "HTTPS://identity.oraclecloud.com/",
        "http://identity.oraclecloud.com/",
        "https://identity.oraclecloud.com:8443/",
        "https://identity.oraclecloud.com:4430/",
        "https://identity.oraclecloud.com/x",
        "https://identity.oraclecloud.com.evil.example/",
        "https://evil.example/",
        "https://identity.oraclecloud.com@evil.example/",
        " https://identity.oraclecloud.com/",
        "identity.oraclecloud.com",
        "/",
        ":443"
      })
  void verify_otherIssuer_isRefused(String iss) {
    assertThat(auth.refusal(auth.token().text("iss", iss).signed())).contains("iss");
  }

  @Test
  void verify_missingIssuer_isRefused() {
    assertThat(auth.refusal(auth.token().without("iss").signed())).contains("iss is missing");
  }

  @Test
  void verify_domainUrlAsIssuer_isAccepted() {
    String domain = auth.server.url("").toString();
    auth.assertAccepted(auth.token().text("iss", domain).signed());
    auth.assertAccepted(auth.token().text("iss", domain + "/").signed());
    assertThat(auth.refusal(auth.token().text("iss", domain + "/x").signed())).contains("iss");
  }

  @Test
  void verify_acceptedIssuers_areAcceptedInExactCase() {
    auth.registerAndAwaitKeys(accepting("https://idp.example/Tenant/", "urn:example:idp"));
    auth.assertAccepted(auth.token().text("iss", "https://idp.example/Tenant").signed());
    auth.assertAccepted(auth.token().text("iss", "https://idp.example:443/Tenant/").signed());
    auth.assertAccepted(auth.token().text("iss", "urn:example:idp").signed());
    assertThat(auth.refusal(auth.token().text("iss", "https://idp.example/tenant/").signed()))
        .contains("iss");
  }

  @Test
  void verify_generalIssuerOfAnotherTenancy_isRefusedByTenantIss() {
    String domain = auth.server.url("").toString();
    auth.assertAccepted(auth.token().text("tenant_iss", domain).signed());
    assertThat(
            auth.refusal(
                auth.token()
                    .text("tenant_iss", "https://idcs-0ther.identity.oraclecloud.com:443")
                    .signed()))
        .contains("tenant_iss");
    assertThat(
            auth.refusal(
                auth.token().text("tenant_iss", "https://identity.oraclecloud.com/").signed()))
        .contains("tenant_iss");
    assertThat(auth.refusal(auth.token().claim("tenant_iss", "1").signed())).contains("tenant_iss");
  }

  @Test
  void verify_tenantIssAmongTheAcceptedIssuers_isAccepted() {
    auth.registerAndAwaitKeys(accepting("https://idcs-1.identity.oraclecloud.com"));
    auth.assertAccepted(
        auth.token().text("tenant_iss", "https://idcs-1.identity.oraclecloud.com:443").signed());
  }

  @Test
  void require_domainUrlWithUpperCaseHostAndPort_matchesTheTokensSpelling() {
    URI url = URI.create("https://IDCS-1.identity.oraclecloud.com:443/admin/v1/SigningCert/jwk");
    IssuerMatch match =
        new IssuerMatch(AuthFixture.issuerOf("x", List.of(), List.of(url)), Optional.empty());
    match.require("https://idcs-1.identity.oraclecloud.com/", Optional.empty());
    match.require(
        "https://identity.oraclecloud.com/",
        Optional.of("https://idcs-1.identity.oraclecloud.com:443"));
    assertThatThrownBy(
            () -> match.require("https://idcs-2.identity.oraclecloud.com/", Optional.empty()))
        .hasMessageContaining("iss");
  }

  @Test
  void verify_severalIssuers_eachIsCheckedByItsOwnKeysOnly() throws IOException {
    try (LoopbackServer other = LoopbackServer.http()) {
      other.on(
          AuthFixture.JWKS, LoopbackServer.json(TokenForge.jwks(TokenForge.jwk(TokenForge.B))));
      IssuerRecord second =
          AuthFixture.issuerOf("second", List.of(), List.of(other.url(AuthFixture.JWKS)));
      auth.registerAndAwaitKeys(auth.issuer, second);
      String byA = auth.token().signed();
      String byB = auth.token().signedBy(TokenForge.B);
      auth.assertAccepted(byA);
      assertThat(auth.verifier.verify(second, byB).clientId()).isEqualTo(TokenForge.CLIENT);
      // Both tokens are remembered now; that must not carry them over to the other issuer.
      assertThat(auth.refusal(byB)).contains("signature");
      assertThat(auth.refusal(second, byA)).contains("signature");
    }
  }

  @Test
  void verify_issuerWithTheSameKeys_refusesTheOthersName() throws IOException {
    IssuerRecord second =
        new IssuerRecord(
            AuthFixture.issuerOf("second", List.of(), List.of()).id(),
            "second",
            List.of(),
            auth.issuer.jwksUrls(),
            Set.of("https://second.example/"),
            Optional.empty(),
            auth.issuer.createdAt());
    auth.registerAndAwaitKeys(auth.issuer, second);
    String token = auth.token().text("iss", "https://second.example/").signed();
    assertThat(auth.verifier.verify(second, token).clientId()).isEqualTo(TokenForge.CLIENT);
    assertThat(auth.refusal(token)).contains("iss");
  }

  @Test
  void verify_issuerThatNobodyRegistered_isRefused() {
    IssuerRecord stranger = AuthFixture.issuerOf("stranger", List.of(), auth.issuer.jwksUrls());
    assertThat(auth.refusal(stranger, auth.token().signed())).contains("not registered");
  }

  @Test
  void issuers_withoutAKnownOne_refusesItsTokensAtOnce() {
    String token = auth.token().signed();
    auth.assertAccepted(token);
    auth.register();
    assertThat(auth.refusal(token)).contains("not registered");
    auth.registerAndAwaitKeys(auth.issuer);
    auth.assertAccepted(token);
  }

  @Test
  void issuers_unchangedRecord_keepsItsKeysAndFetchesNothing() {
    auth.register(accepting());
    auth.assertAccepted(auth.token().signed());
    assertThat(auth.server.requests(AuthFixture.JWKS)).hasSize(1);
  }

  @Test
  void issuers_changedRecord_forgetsWhatWasCheckedUnderTheOldOne() {
    auth.registerAndAwaitKeys(accepting("https://idp.example/"));
    String token = auth.token().text("iss", "https://idp.example/").signed();
    auth.assertAccepted(token);
    auth.registerAndAwaitKeys(accepting());
    assertThat(auth.refusal(token)).contains("iss");
  }

  @Test
  void close_refusesEverythingAndTakesNoMoreIssuers() {
    String token = auth.token().signed();
    auth.assertAccepted(token);
    auth.verifier.close();
    assertThat(auth.refusal(token)).contains("not registered");
    assertThatThrownBy(() -> auth.register(auth.issuer)).isInstanceOf(IllegalStateException.class);
  }
}
