// SPDX-License-Identifier: Apache-2.0
package org.openekm.core.auth;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;

import java.io.IOException;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.openekm.api.VerifiedClient;
import org.openekm.spi.SecretReference;
import org.openekm.spi.store.IssuerId;
import org.openekm.spi.store.IssuerRecord;
import org.openekm.spi.store.VaultRecord;
import org.openekm.testkit.fake.TestCertificate;
import org.openekm.testkit.fake.TestCertificates;
import org.openekm.testkit.oci.DomainEndpoint;
import org.openekm.testkit.oci.FakeIdentityDomain;
import org.openekm.testkit.oci.OAuthApp;
import org.openekm.testkit.oci.Outage;

/** The whole check against an identity domain with all oddities of the real ones, over TLS. */
class IdentityDomainTest {

  private static final TestCertificates CA = TestCertificates.create();
  private static final TestCertificate SERVER = CA.server();
  private static final String SECRET = "${env:RESOURCE_APP_SECRET}";

  private AuthFixture auth;
  private FakeIdentityDomain domain;
  private OAuthApp resourceApp;
  private OAuthApp clientApp;
  private IssuerRecord issuer;

  @BeforeEach
  void start() throws IOException {
    auth = AuthFixture.over(LoopbackServer.http(), parts -> parts.tls(CA.clientContext()));
    domain =
        FakeIdentityDomain.builder()
            .clock(auth.clock)
            .tls(SERVER)
            .signingKeysProtected(true)
            .start();
    resourceApp = domain.addResourceApp("key-manager", TokenForge.AUDIENCE);
    clientApp = domain.addClientApp("oci", resourceApp);
    auth.secrets.put(SECRET, resourceApp.clientSecret());
    issuer =
        new IssuerRecord(
            new IssuerId(new UUID(7, 7)),
            "domain",
            List.of(domain.discoveryUrl()),
            List.of(),
            Set.of(),
            Optional.of(
                new IssuerRecord.JwksClient(
                    resourceApp.clientId(), SecretReference.parse(SECRET), Optional.empty())),
            auth.clock.instant());
    auth.registerAndAwaitKeys(issuer);
  }

  @AfterEach
  void stop() {
    domain.close();
    auth.close();
  }

  private String token() {
    return domain.token(clientApp).serialize();
  }

  @Test
  void verify_tokenOfTheDomain_passesTokenAndClientCheck() {
    VerifiedClient client = auth.verifier.verify(issuer, token());
    VaultRecord.Access access =
        new VaultRecord.Access(
            issuer.id(),
            clientApp.clientId(),
            Set.of(TokenForge.AUDIENCE),
            Set.of(FakeIdentityDomain.EKMS_SCOPE));
    assertThatCode(() -> new ClientCheck().check(client, access)).doesNotThrowAnyException();
  }

  @Test
  void verify_tokenOfAnotherDomain_isRefused() {
    try (FakeIdentityDomain other = FakeIdentityDomain.builder().clock(auth.clock).start()) {
      String foreign = other.token(clientApp.clientId(), TokenForge.AUDIENCE).serialize();
      assertThat(auth.refusal(issuer, foreign)).contains("tenant_iss");
      String posing =
          other
              .token(clientApp.clientId(), TokenForge.AUDIENCE)
              .claim("tenant_iss", domain.tenantIssuer())
              .serialize();
      assertThat(auth.refusal(issuer, posing)).contains("signature");
    }
  }

  @Test
  void verify_rotation_keepsBothKeysAliveUntilTheOldOneIsRetired() {
    String old = token();
    domain.rotateKey();
    String fresh = token();
    assertThat(auth.refusal(issuer, fresh)).contains("signature");
    Awaitility.await().ignoreExceptions().untilAsserted(() -> assertAccepted(fresh));
    assertAccepted(old);
    domain.retireOldKeys();
    refetch();
    assertThat(auth.refusal(issuer, old)).contains("signature");
    assertAccepted(fresh);
  }

  @Test
  void verify_outageOfTheDomain_doesNotStopGoodTokens() {
    String known = token();
    assertAccepted(known);
    for (Outage outage : List.of(Outage.down(), Outage.status(500), Outage.hugeBody(10 << 20))) {
      domain.outage(outage);
      refetch();
      assertAccepted(known);
      assertAccepted(token());
    }
    assertThat(auth.listener.tokenKeys()).filteredOn(event -> !event.succeeded()).hasSize(3);
    domain.recover();
    domain.rotateKey();
    refetch();
    assertAccepted(token());
  }

  @Test
  void verify_changedClientSecret_isPickedUpWithoutARestart() {
    OAuthApp changed = domain.changeSecret(resourceApp);
    domain.rotateKey();
    refetch();
    String fresh = token();
    assertThat(auth.refusal(issuer, fresh)).contains("signature");
    auth.secrets.put(SECRET, changed.clientSecret());
    refetch();
    assertAccepted(fresh);
  }

  @Test
  void verify_manyRequests_askTheDomainNothing() {
    int before = domain.requests(DomainEndpoint.JWKS);
    String token = token();
    for (int i = 0; i < 200; i++) {
      assertAccepted(token);
    }
    assertThat(domain.requests(DomainEndpoint.JWKS)).isEqualTo(before);
  }

  private void assertAccepted(String token) {
    assertThat(auth.verifier.verify(issuer, token).clientId()).isEqualTo(clientApp.clientId());
  }

  /** A token by nobody's key makes the verifier fetch, at most once per interval. */
  private void refetch() {
    int before = auth.listener.tokenKeys().size();
    auth.clock.advance(java.time.Duration.ofMinutes(1));
    String forged =
        TokenForge.valid(auth.clock.instant())
            .text("tenant_iss", domain.tenantIssuer())
            .signedBy(TokenForge.ATTACKER);
    Awaitility.await()
        .untilAsserted(
            () -> {
              auth.refusal(issuer, forged);
              assertThat(auth.listener.tokenKeys()).hasSizeGreaterThan(before);
            });
  }
}
