// SPDX-License-Identifier: Apache-2.0
package org.openekm.core.auth;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.openekm.core.auth.ExaminationStep.Outcome;
import org.openekm.spi.SecretReference;
import org.openekm.spi.store.IssuerId;
import org.openekm.spi.store.IssuerRecord;
import org.openekm.spi.store.VaultRecord;
import org.openekm.testkit.fake.TestCertificates;
import org.openekm.testkit.fake.TestSecrets;
import org.openekm.testkit.oci.DomainEndpoint;
import org.openekm.testkit.oci.FakeIdentityDomain;
import org.openekm.testkit.oci.OAuthApp;
import org.openekm.testkit.oci.Outage;

/** Each step to the signing keys and each claim of a token is told by itself. */
class IssuerExaminationTest {

  private static final TestCertificates CA = TestCertificates.create();
  private static final String AUDIENCE = "https://10.0.0.5/";
  private static final String SECRET = "${env:RESOURCE_APP_SECRET}";

  private FakeIdentityDomain domain;
  private OAuthApp resource;
  private OAuthApp client;

  @BeforeEach
  void start() {
    domain = FakeIdentityDomain.builder().tls(CA.server()).signingKeysProtected(true).start();
    resource = domain.addResourceApp("Resource_App", AUDIENCE);
    client = domain.addClientApp("Client_App", resource);
  }

  @AfterEach
  void stop() {
    domain.close();
  }

  @Test
  void protectedKeys_takeFourSteps() {
    assertThat(examine(issuer(domain.discoveryUrl())).steps())
        .allMatch(step -> step.outcome() == Outcome.PASSED && step.advice().isEmpty())
        .extracting(ExaminationStep::check)
        .containsExactly("discovery", "issuer", "credentials", "signing keys");
  }

  @Test
  void everyRegionsUrl_isTried() {
    URI dead = URI.create("https://127.0.0.1:1/");

    List<ExaminationStep> steps = examine(issuer(dead, domain.discoveryUrl())).steps();

    assertThat(steps.get(0).outcome()).isEqualTo(Outcome.FAILED);
    assertThat(steps.get(0).message()).contains("https://127.0.0.1:1/.well-known");
    assertThat(steps).extracting(ExaminationStep::check).contains("signing keys");
  }

  @Test
  void keysWithoutDiscovery_needTheTokenUrl() {
    IssuerRecord without =
        record(List.of(), List.of(domain.jwksUrl()), client(Optional.empty()), Set.of());
    IssuerRecord with =
        record(
            List.of(), List.of(domain.jwksUrl()), client(Optional.of(domain.tokenUrl())), Set.of());

    assertThat(examine(without).steps())
        .singleElement()
        .satisfies(
            step -> {
              assertThat(step.check()).isEqualTo("credentials");
              assertThat(step.message()).contains("no URL to get a token from");
            });
    assertThat(examine(with).steps())
        .extracting(ExaminationStep::check)
        .containsExactly("credentials", "signing keys");
  }

  @Test
  void protectedKeysWithoutCredentials_fail_publicOnesPass() {
    IssuerRecord anonymous =
        record(List.of(domain.discoveryUrl()), List.of(), Optional.empty(), Set.of());

    assertThat(last(examine(anonymous)).message()).contains("answered 401");
    assertThat(last(examine(anonymous)).advice()).contains("--client-secret");
    domain.protectSigningKeys(false);
    assertThat(last(examine(anonymous)).outcome()).isEqualTo(Outcome.PASSED);
  }

  @Test
  void discoveryThatPointsElsewhere_isNotFollowed() {
    try (FakeIdentityDomain other = FakeIdentityDomain.builder().tls(CA.server()).start()) {
      domain.outage(
          DomainEndpoint.DISCOVERY,
          Outage.body("{\"issuer\":\"x\",\"jwks_uri\":\"" + other.jwksUrl() + "\"}"));

      ExaminedIssuer examined = examine(issuer(domain.discoveryUrl()));

      assertThat(last(examined).message()).contains("another server");
      assertThat(other.requests(DomainEndpoint.JWKS)).isZero();
    }
  }

  @Test
  void otherIssuerInDiscovery_isDoubtful_unlessAccepted() {
    try (FakeIdentityDomain other =
        FakeIdentityDomain.builder().tls(CA.server()).issuer("https://other.example/").start()) {
      IssuerRecord plain =
          record(List.of(other.discoveryUrl()), List.of(), Optional.empty(), Set.of());
      IssuerRecord accepted =
          record(
              List.of(other.discoveryUrl()),
              List.of(),
              Optional.empty(),
              Set.of("https://other.example"));

      assertThat(examine(plain).steps().get(1).outcome()).isEqualTo(Outcome.DOUBTFUL);
      assertThat(examine(accepted).steps().get(1).outcome()).isEqualTo(Outcome.PASSED);
    }
  }

  @Test
  void documentsThatAreNone_failWithoutTheirText() {
    domain.serveJwks("{\"keys\":[]}");
    assertThat(last(examine(issuer(domain.discoveryUrl()))).message()).startsWith("0 usable");
    domain.serveJwks("secret rubbish");
    ExaminationStep step = last(examine(issuer(domain.discoveryUrl())));

    assertThat(step.outcome()).isEqualTo(Outcome.FAILED);
    assertThat(step.message()).doesNotContain("rubbish");
  }

  @Test
  void issuerWithoutAnyUrl_fails() {
    assertThat(last(examine(record(List.of(), List.of(), Optional.empty(), Set.of()))).advice())
        .contains("--discovery-url");
  }

  @Test
  void plainHttp_isRefused() {
    assertThat(last(examine(issuer(URI.create("http://127.0.0.1:1/")))).message())
        .contains("https");
  }

  @Test
  void firstAddress_isTheDiscoveryDocumentOrTheKeys() {
    assertThat(IssuerExamination.firstAddress(issuer(URI.create("https://d.example"))))
        .isEqualTo(URI.create("https://d.example/.well-known/openid-configuration"));
    assertThat(
            IssuerExamination.firstAddress(
                record(
                    List.of(),
                    List.of(URI.create("https://d.example/jwk")),
                    Optional.empty(),
                    Set.of())))
        .isEqualTo(URI.create("https://d.example/jwk"));
  }

  @Test
  void tokenOfAnIssuerThatNobodyLookedAt_hasItsSignatureLeftOut() {
    List<ExaminationStep> steps =
        ExaminedIssuer.unseen(issuer(domain.discoveryUrl()))
            .explain(domain.token(client).serialize(), access(), Instant.now(), skew());

    assertThat(last(steps).check()).isEqualTo("token signature");
    assertThat(last(steps).outcome()).isEqualTo(Outcome.DOUBTFUL);
    assertThat(steps.subList(0, steps.size() - 1))
        .allMatch(step -> step.outcome() == Outcome.PASSED);
  }

  @Test
  void claimsOfWrongTypes_areToldAndNothingBreaks() {
    String token =
        domain
            .token(client)
            .claim("aud", List.of(1, 2))
            .claim("exp", "soon")
            .claim("scope", List.of("oci_ekms"))
            .claim("iss", 7)
            .claim("client_id", List.of())
            .serialize();

    assertThat(failed(explain(token)))
        .contains("token kind", "token issuer", "token times", "token audience", "token scope");
  }

  @Test
  void textOfAStranger_reachesNoTerminalAsItIs() {
    String token = domain.token(client).scope("\u001b[2J" + "x".repeat(4000)).serialize();

    ExaminationStep scope =
        explain(token).stream()
            .filter(step -> step.check().equals("token scope"))
            .findFirst()
            .get();

    assertThat(scope.advice()).doesNotContain("\u001b").hasSizeLessThan(320);
  }

  @Test
  void algorithmNone_failsByForm() {
    String token = domain.token(client).rawHeader("{\"alg\":\"none\"}").serialize();

    assertThat(failed(explain(token))).containsExactly("token form");
  }

  private List<ExaminationStep> explain(String token) {
    return examine(issuer(domain.discoveryUrl())).explain(token, access(), Instant.now(), skew());
  }

  private VaultRecord.Access access() {
    return new VaultRecord.Access(
        new IssuerId(UUID.randomUUID()), client.clientId(), Set.of(AUDIENCE), Set.of("oci_ekms"));
  }

  private static Duration skew() {
    return Duration.ofSeconds(60);
  }

  private ExaminedIssuer examine(IssuerRecord issuer) {
    TestSecrets secrets = new TestSecrets().put(SECRET, resource.clientSecret());
    return new IssuerExamination(CA.clientContext(), Duration.ofSeconds(20), secrets, false)
        .examine(issuer);
  }

  private IssuerRecord issuer(URI... discovery) {
    return record(List.of(discovery), List.of(), client(Optional.empty()), Set.of());
  }

  private Optional<IssuerRecord.JwksClient> client(Optional<URI> tokenUrl) {
    return Optional.of(
        new IssuerRecord.JwksClient(resource.clientId(), SecretReference.parse(SECRET), tokenUrl));
  }

  private static IssuerRecord record(
      List<URI> discovery,
      List<URI> jwks,
      Optional<IssuerRecord.JwksClient> client,
      Set<String> accepted) {
    return new IssuerRecord(
        new IssuerId(UUID.randomUUID()),
        "domain",
        discovery,
        jwks,
        accepted,
        client,
        Instant.EPOCH);
  }

  private static ExaminationStep last(ExaminedIssuer examined) {
    return last(examined.steps());
  }

  private static ExaminationStep last(List<ExaminationStep> steps) {
    return steps.get(steps.size() - 1);
  }

  private static List<String> failed(List<ExaminationStep> steps) {
    return steps.stream()
        .filter(step -> step.outcome() == Outcome.FAILED)
        .map(ExaminationStep::check)
        .toList();
  }
}
