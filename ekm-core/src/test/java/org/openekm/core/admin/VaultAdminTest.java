// SPDX-License-Identifier: Apache-2.0
package org.openekm.core.admin;

import static org.assertj.core.api.Assertions.assertThat;
import static org.openekm.core.admin.AdminFixture.ADMIN;
import static org.openekm.core.admin.AdminFixture.newVault;
import static org.openekm.core.admin.AdminFixture.refused;

import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.openekm.core.admin.AdminException.Kind;
import org.openekm.core.policy.RulePolicyEngine;
import org.openekm.spi.ConfigurationProblem;
import org.openekm.spi.audit.AuditEvent;
import org.openekm.spi.store.IssuerRecord;
import org.openekm.spi.store.VaultRecord;

@Timeout(60)
final class VaultAdminTest {

  private final AdminFixture fixture = new AdminFixture().withVault();

  @AfterEach
  void close() {
    fixture.close();
  }

  @Test
  void createVault_defaults_areSafeAndUsable() {
    VaultRecord vault = fixture.vaults().find(ADMIN, "vault");
    assertThat(vault.access().audiences()).containsExactly("https://ekm.example");
    assertThat(vault.access().scopes()).containsExactly("oci_ekms");
    assertThat(vault.policy()).contains(RulePolicyEngine.allowAll());
    assertThat(vault.blocked()).isFalse();
    assertThat(fixture.vaults().find(ADMIN, vault.id().toString())).isEqualTo(vault);
    assertThat(fixture.sink.events("vault.create").get(0).vault()).contains(vault.id());
  }

  @Test
  void createVault_manyProblems_tellsAllAtOnce() {
    NewVault bad =
        new NewVault(
            "-",
            "nobody",
            new NewVault.Access("nothing", "two words", Set.of("a b"), Set.of("")),
            new VaultRecord.Endpoint("https://ekm", 0, "ekm/"),
            "tape",
            Optional.of("nonsense"),
            true,
            NewVault.Options.none());
    AdminException refusal = refused(Kind.INVALID, () -> fixture.vaults().create(ADMIN, bad));
    assertThat(refusal.problems())
        .extracting(ConfigurationProblem::field)
        .containsExactly(
            "name",
            "clientId",
            "audiences",
            "scopes",
            "endpoint.host",
            "endpoint.port",
            "endpoint.path",
            "policy",
            "tenancy",
            "issuer",
            "backend");
    assertThat(fixture.vaults().list(ADMIN)).hasSize(1);
  }

  @Test
  void createVault_nameTaken_isAConflict() {
    refused(Kind.CONFLICT, () -> fixture.vaults().create(ADMIN, newVault("vault", "hsm")));
    assertThat(fixture.sink.events("vault.create"))
        .extracting(AuditEvent::succeeded)
        .containsExactly(true, false);
  }

  @Test
  void setPolicyOfVault_badText_keepsTheOld() {
    refused(Kind.INVALID, () -> fixture.vaults().setPolicy(ADMIN, "vault", "{}"));
    assertThat(fixture.vaults().find(ADMIN, "vault").policy())
        .contains(RulePolicyEngine.allowAll());
    fixture.vaults().setPolicy(ADMIN, "vault", "{\"rules\": []}");
    assertThat(fixture.vaults().find(ADMIN, "vault").policy()).contains("{\"rules\": []}");
  }

  @Test
  void vault_unknown_isNotFoundEverywhere() {
    refused(Kind.NOT_FOUND, () -> fixture.vaults().find(ADMIN, "other"));
    refused(Kind.NOT_FOUND, () -> fixture.vaults().block(ADMIN, "other"));
    refused(
        Kind.NOT_FOUND,
        () -> fixture.vaults().unblock(ADMIN, "00000000-0000-0000-0000-000000000000"));
    refused(Kind.NOT_FOUND, () -> fixture.vaults().delete(ADMIN, "other"));
    refused(Kind.NOT_FOUND, () -> fixture.keys().list(ADMIN, "other"));
  }

  @Test
  void deleteIssuerAndTenancy_inUse_areRefusedUntilTheVaultIsGone() {
    refused(Kind.CONFLICT, () -> fixture.issuers().delete(ADMIN, "idcs"));
    refused(Kind.CONFLICT, () -> fixture.admin.tenancies().delete(ADMIN, "tenancy"));
    fixture.vaults().delete(ADMIN, "vault");
    fixture.issuers().delete(ADMIN, "idcs");
    fixture.admin.tenancies().delete(ADMIN, "tenancy");
    assertThat(fixture.issuers().list(ADMIN)).isEmpty();
    assertThat(fixture.admin.tenancies().list(ADMIN)).isEmpty();
    refused(Kind.NOT_FOUND, () -> fixture.issuers().find(ADMIN, "idcs"));
    refused(Kind.NOT_FOUND, () -> fixture.admin.tenancies().find(ADMIN, "tenancy"));
  }

  @Test
  void createTenancy_problemsAndConflicts_areRefused() {
    AdminException refusal =
        refused(
            Kind.INVALID,
            () -> fixture.admin.tenancies().create(ADMIN, "a/b", "ocid1.user.oc1..aaaa"));
    assertThat(refusal.problems())
        .extracting(ConfigurationProblem::field)
        .containsExactly("name", "ocid");
    refused(
        Kind.CONFLICT,
        () -> fixture.admin.tenancies().create(ADMIN, "tenancy", "ocid1.tenancy.oc1..bbbb"));
    refused(
        Kind.CONFLICT,
        () -> fixture.admin.tenancies().create(ADMIN, "second", "ocid1.tenancy.oc1..aaaa"));
  }

  @Test
  void createIssuer_withProtectedKeys_keepsTheReferenceOnly() {
    IssuerRecord issuer =
        fixture
            .issuers()
            .create(
                ADMIN,
                new NewIssuer(
                    "protected",
                    List.of(),
                    List.of("https://idcs.example/keys"),
                    Set.of("https://identity.oraclecloud.com/"),
                    Optional.of(
                        new NewIssuer.JwksClient(
                            "reader",
                            "${file:/etc/ekm/secret}",
                            Optional.of("https://idcs.example/token")))));
    assertThat(issuer.jwksClient().orElseThrow().clientSecret().location())
        .isEqualTo("/etc/ekm/secret");
    assertThat(fixture.issuers().find(ADMIN, "protected")).isEqualTo(issuer);
    refused(
        Kind.CONFLICT,
        () ->
            fixture
                .issuers()
                .create(
                    ADMIN,
                    new NewIssuer(
                        "idcs",
                        List.of("https://x.example/"),
                        List.of(),
                        Set.of(),
                        Optional.empty())));
  }

  @Test
  void createIssuer_secretInsteadOfReference_isRefusedAndNotRepeated() {
    NewIssuer bad =
        new NewIssuer(
            "",
            List.of(),
            List.of(),
            Set.of("a b"),
            Optional.of(new NewIssuer.JwksClient("", "hunter2hunter2", Optional.of("ftp://x"))));
    AdminException refusal = refused(Kind.INVALID, () -> fixture.issuers().create(ADMIN, bad));
    assertThat(refusal.problems())
        .extracting(ConfigurationProblem::field)
        .containsExactly(
            "name",
            "discoveryUrls",
            "acceptedIssuers",
            "jwksClient.clientId",
            "jwksClient.tokenUrl",
            "jwksClient.clientSecret");
    assertThat(refusal.getMessage()).doesNotContain("hunter2");
    assertThat(fixture.sink.events().toString()).doesNotContain("hunter2");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "http://idcs.example/",
        "https://user:pw@idcs.example/",
        "https:///nohost",
        "https://idcs.example/#x",
        "file:///etc/passwd",
        "not a url",
        "http://127.0.0.1.evil.example/",
      })
  void createIssuer_urlThatMustNotBeFetched_isRefused(String url) {
    NewIssuer bad = new NewIssuer("other", List.of(url), List.of(), Set.of(), Optional.empty());
    AdminException refusal = refused(Kind.INVALID, () -> fixture.issuers().create(ADMIN, bad));
    assertThat(refusal.problems())
        .extracting(ConfigurationProblem::field)
        .containsExactly("discoveryUrls[0]");
  }

  @Test
  void createIssuer_plainHttpOnLoopback_isAccepted() {
    NewIssuer local =
        new NewIssuer(
            "local", List.of("http://127.0.0.1:8080/"), List.of(), Set.of(), Optional.empty());
    assertThat(fixture.issuers().create(ADMIN, local).discoveryUrls()).hasSize(1);
  }
}
