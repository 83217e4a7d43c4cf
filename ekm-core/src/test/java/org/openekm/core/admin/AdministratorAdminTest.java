// SPDX-License-Identifier: Apache-2.0
package org.openekm.core.admin;

import static org.assertj.core.api.Assertions.assertThat;
import static org.openekm.core.admin.AdminFixture.ADMIN;
import static org.openekm.core.admin.AdminFixture.refused;

import java.nio.charset.StandardCharsets;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.util.Arrays;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.openekm.api.Bytes;
import org.openekm.api.RequestId;
import org.openekm.api.SecretBytes;
import org.openekm.core.admin.AdminException.Kind;
import org.openekm.spi.store.AdministratorRecord;
import org.openekm.spi.store.AdministratorRecord.Credential;
import org.openekm.spi.store.AdministratorRecord.Permission;
import org.openekm.testkit.fake.StoreFault;
import org.openekm.testkit.fake.TestCertificates;

/** Administrators with their credentials and grants, and who may change them. */
@Timeout(120)
final class AdministratorAdminTest {

  private static final TestCertificates AUTHORITY = TestCertificates.create();

  private final AdminFixture fixture = new AdminFixture().withVault();
  private final AdministratorAdmin administrators = fixture.admin.administrators();
  private final AdminAccess access = fixture.admin.access();

  @AfterEach
  void close() {
    fixture.close();
  }

  @Test
  void add_givesACredentialThatProvesWhoItIs_andKeepsOnlyItsHash() {
    IssuedCredential kim = add("kim", grant(Permission.VIEW));
    String text = text(kim);

    assertThat(text).matches("ekm\\.[0-9a-f-]{36}\\.[A-Za-z0-9_-]{43}");
    AdminIdentity identity = access.authenticate(text).orElseThrow();
    assertThat(identity.actor()).isEqualTo("kim");
    String secret = text.substring(text.lastIndexOf('.') + 1);
    assertThat(fixture.store.load().toString()).doesNotContain(secret);
    assertThat(fixture.sink.events().toString()).doesNotContain(secret).contains("admin.add");
    Credential stored = kim.administrator().credentials().get(0);
    assertThat(stored.hash().length()).isEqualTo(32);
    assertThat(stored.salt().length()).isEqualTo(16);
  }

  @Test
  void add_twice_givesSecretsAndSaltsThatDiffer() {
    Credential one = add("kim").administrator().credentials().get(0);
    Credential other = add("lee").administrator().credentials().get(0);
    assertThat(one.salt()).isNotEqualTo(other.salt());
    assertThat(one.hash()).isNotEqualTo(other.hash());
  }

  @Test
  void authenticate_credentialAlteredInAnyCharacter_isNobody() {
    String text = text(add("kim"));
    for (int i = 0; i < text.length(); i++) {
      char other = text.charAt(i) == 'A' ? 'B' : 'A';
      String altered = text.substring(0, i) + other + text.substring(i + 1);
      assertThat(access.authenticate(altered)).as(altered).isEmpty();
    }
  }

  /** The last character of 43 carries two bits that mean nothing: only zeros are accepted there. */
  @Test
  void authenticate_textualTwinOfACredential_isNobody() {
    String text = text(add("kim"));
    String alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
    int accepted = 0;
    for (char last : alphabet.toCharArray()) {
      accepted +=
          access.authenticate(text.substring(0, text.length() - 1) + last).isPresent() ? 1 : 0;
    }
    assertThat(accepted).isEqualTo(1);
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "ekm", "ekm..", "%s ", " %s", "%s=", "%s\n", "EKM%s", "%s.%s"})
  void authenticate_textOfAnotherForm_isNobody(String form) {
    String text = text(add("kim"));
    assertThat(access.authenticate(form.replace("%s", text))).isEmpty();
  }

  @Test
  void authenticate_idOfOneAndSecretOfAnother_isNobody() {
    String kim = text(add("kim"));
    String lee = text(add("lee"));
    String mixed = kim.substring(0, kim.lastIndexOf('.')) + lee.substring(lee.lastIndexOf('.'));
    assertThat(access.authenticate(mixed)).isEmpty();
  }

  @Test
  void authenticate_storeAnswersNothing_isUnavailableAndNeverSomebody() {
    try (AdminFixture shared = new AdminFixture()) {
      String text =
          text(
              shared
                  .admin
                  .administrators()
                  .add(ADMIN, new NewAdministrator("kim", Set.of(), Optional.empty())));
      shared.store.failNext(
          org.openekm.testkit.fake.FaultyMetadataStore.Call.COMMIT, 1, StoreFault.answerLost());
      refused(
          Kind.UNAVAILABLE,
          () -> shared.admin.tenancies().create(ADMIN, "t", "ocid1.tenancy.oc1..a"));
      shared.store.failEverything(StoreFault.unavailable());
      refused(Kind.UNAVAILABLE, () -> shared.admin.access().authenticate(text));
    }
  }

  @Test
  void rotate_withOverlap_bothWorkUntilItIsOverAndThenOnlyTheNewOne() {
    String old = text(add("kim", grant(Permission.VIEW)));
    String fresh = text(rotate("kim", Duration.ofHours(1)));

    fixture.clock.advance(Duration.ofMinutes(59));
    assertThat(access.authenticate(old)).isPresent();
    assertThat(access.authenticate(fresh)).isPresent();
    fixture.clock.advance(Duration.ofMinutes(1));
    assertThat(access.authenticate(old)).isEmpty();
    assertThat(access.authenticate(fresh)).isPresent();
  }

  @Test
  void rotate_withoutOverlap_endsTheOldOneAtOnce_alsoForARequestOnItsWay() {
    String old = text(add("kim", grant(Permission.VIEW)));
    AdminContext onItsWay = context(access.authenticate(old).orElseThrow());
    fixture.vaults().list(onItsWay);

    rotate("kim", Duration.ZERO);

    assertThat(access.authenticate(old)).isEmpty();
    refused(Kind.FORBIDDEN, () -> fixture.vaults().list(onItsWay));
  }

  @Test
  void rotate_again_neverMakesAnEndLater() {
    String first = text(add("kim"));
    rotate("kim", Duration.ofMinutes(10));
    rotate("kim", Duration.ofDays(30));
    fixture.clock.advance(Duration.ofMinutes(10));
    assertThat(access.authenticate(first)).isEmpty();
  }

  @Test
  void rotate_overlapTooLongOrNegative_isInvalidAndChangesNothing() {
    add("kim");
    for (Duration wrong : new Duration[] {Duration.ofDays(31), Duration.ofSeconds(-1)}) {
      AdminException refusal = refused(Kind.INVALID, () -> rotate("kim", wrong));
      assertThat(refusal.problems()).hasSize(1);
      assertThat(administrators.find(ADMIN, "kim").credentials()).hasSize(1);
    }
  }

  @Test
  void remove_worksAtOnce_alsoForARequestOnItsWay() {
    AdminContext kim = contextOf(add("kim", grant(Permission.BLOCK)));
    fixture.vaults().block(kim, "vault");

    administrators.remove(ADMIN, "kim");

    refused(Kind.FORBIDDEN, () -> fixture.vaults().unblock(kim, "vault"));
    refused(Kind.NOT_FOUND, () -> administrators.find(ADMIN, "kim"));
    assertThat(fixture.store.load().administrators()).isEmpty();
  }

  @Test
  void revoke_worksAtOnce() {
    AdminContext kim =
        contextOf(add("kim", grant(Permission.BLOCK, "vault"), grant(Permission.VIEW)));
    fixture.vaults().block(kim, "vault");

    administrators.revoke(ADMIN, "kim", Set.of(grant(Permission.BLOCK, "vault")));

    AdminException refusal = refused(Kind.FORBIDDEN, () -> fixture.vaults().unblock(kim, "vault"));
    assertThat(refusal.missing()).contains(AdminVerb.BLOCK);
    assertThat(fixture.vaults().find(kim, "vault").blocked()).isTrue();
  }

  @Test
  void revoke_grantForOneVaultOutOfOneForAll_isAConflictThatSaysSo() {
    add("kim", grant(Permission.VIEW));
    AdminException refusal =
        refused(
            Kind.CONFLICT,
            () -> administrators.revoke(ADMIN, "kim", Set.of(grant(Permission.VIEW, "vault"))));
    assertThat(refusal).hasMessageContaining("view@");
  }

  @Test
  void revoke_auditDown_isInForce() {
    AdminContext kim = contextOf(add("kim", grant(Permission.BLOCK)));
    fixture.sink.fail();
    AdminException failure =
        refused(
            Kind.UNAVAILABLE,
            () -> administrators.revoke(ADMIN, "kim", Set.of(grant(Permission.BLOCK))));
    assertThat(failure).hasMessageContaining("in force");
    fixture.sink.recover();
    refused(Kind.FORBIDDEN, () -> fixture.vaults().block(kim, "vault"));
  }

  @Test
  void grant_auditDown_isRefusedAndChangesNothing() {
    add("kim");
    fixture.sink.fail();
    refused(
        Kind.UNAVAILABLE, () -> administrators.grant(ADMIN, "kim", Set.of(grant(Permission.VIEW))));
    assertThat(fixture.store.load().administrators().get(0).grants()).isEmpty();
  }

  /** The right to add must not be the right to everything. */
  @Test
  void add_withMoreThanOnesOwn_isForbidden() {
    AdminContext kim = contextOf(add("kim", grant(Permission.CREATE), grant(Permission.VIEW)));
    for (Permission more :
        new Permission[] {Permission.DELETE, Permission.BLOCK, Permission.BLOCK_ONLY}) {
      refused(
          Kind.FORBIDDEN,
          () ->
              administrators.add(
                  kim, new NewAdministrator("x", Set.of(grant(more)), Optional.empty())));
    }
    assertThat(
            administrators
                .add(
                    kim,
                    new NewAdministrator(
                        "x", Set.of(grant(Permission.VIEW, "vault")), Optional.empty()))
                .administrator()
                .name())
        .isEqualTo("x");
  }

  @Test
  void grant_toOneself_isForbidden() {
    AdminContext kim = contextOf(add("kim", grant(Permission.UPDATE)));
    refused(
        Kind.FORBIDDEN, () -> administrators.grant(kim, "kim", Set.of(grant(Permission.DELETE))));
  }

  /** Whoever rotates a credential gets it: that must not be a way to somebody else's rights. */
  @Test
  void rotate_ofSomebodyWhoMayDoMore_isForbidden() {
    AdminContext kim = contextOf(add("kim", grant(Permission.ROTATE)));
    add("boss", grant(Permission.ROTATE), grant(Permission.DELETE));
    AdminException refusal =
        refused(
            Kind.FORBIDDEN,
            () -> administrators.rotate(kim, "boss", Optional.empty(), Duration.ZERO));
    assertThat(refusal.missing()).contains(AdminVerb.DELETE);
    assertThat(text(administrators.rotate(kim, "kim", Optional.empty(), Duration.ZERO)))
        .isNotEmpty();
  }

  @Test
  void remove_ofSomebodyWhoMayDoMore_isForbidden() {
    AdminContext kim = contextOf(add("kim", grant(Permission.DELETE)));
    add("boss", grant(Permission.BLOCK));
    refused(Kind.FORBIDDEN, () -> administrators.remove(kim, "boss"));
    assertThat(administrators.list(ADMIN)).extracting(AdministratorRecord::name).contains("boss");
  }

  @ParameterizedTest
  @EnumSource(Permission.class)
  void grantForOneVault_givesNothingOverAdministrators(Permission permission) {
    AdminContext kim = contextOf(add("kim", grant(permission, "vault")));
    refused(Kind.FORBIDDEN, () -> administrators.list(kim));
    refused(
        Kind.FORBIDDEN,
        () -> administrators.add(kim, new NewAdministrator("x", Set.of(), Optional.empty())));
    refused(Kind.FORBIDDEN, () -> administrators.remove(kim, "kim"));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"root", "server", "", "a b", "../x", "00000000-0000-0000-0000-000000000000"})
  void add_nameThatWouldMislead_isInvalid(String name) {
    refused(
        Kind.INVALID,
        () -> administrators.add(ADMIN, new NewAdministrator(name, Set.of(), Optional.empty())));
  }

  @Test
  void add_nameTaken_isAConflict() {
    add("kim");
    refused(Kind.CONFLICT, () -> add("kim"));
  }

  @Test
  void certificate_isKnownByItsPublicKey_andEndsWithItsValidity() {
    X509Certificate certificate = AUTHORITY.client("kim").certificate();
    administrators.add(
        ADMIN,
        new NewAdministrator("kim", Set.of(), Optional.of(AdminAccess.fingerprint(certificate))));
    try (AdminFixture now = new AdminFixture()) {
      assertThat(now.admin.access().authenticate(certificate)).as("unknown").isEmpty();
    }
    fixture.clock.jumpWallClock(
        Duration.between(
            fixture.clock.instant(), certificate.getNotBefore().toInstant().plusSeconds(1)));
    assertThat(access.authenticate(certificate).map(AdminIdentity::actor)).contains("kim");
    assertThat(access.authenticate(AUTHORITY.client("kim").certificate()))
        .as("the same name with another key")
        .isEmpty();
    fixture.clock.jumpWallClock(
        Duration.between(
            fixture.clock.instant(), certificate.getNotAfter().toInstant().plusSeconds(1)));
    assertThat(access.authenticate(certificate)).as("expired").isEmpty();
  }

  @Test
  void certificate_ofSomebodyElse_isInvalid() {
    Bytes print = AdminAccess.fingerprint(AUTHORITY.client("kim").certificate());
    administrators.add(ADMIN, new NewAdministrator("kim", Set.of(), Optional.of(print)));
    AdminException refusal =
        refused(
            Kind.INVALID,
            () ->
                administrators.add(
                    ADMIN, new NewAdministrator("lee", Set.of(), Optional.of(print))));
    assertThat(refusal.problems().get(0).field()).isEqualTo("certificate");
  }

  @Test
  void blockOnly_blocksAndDoesNothingElse() {
    fixture.newKey("payroll");
    AdminContext paper = contextOf(add("paper", grant(Permission.BLOCK_ONLY)));

    assertThat(fixture.keys().block(paper, "vault/payroll").blocked()).isTrue();
    assertThat(fixture.vaults().block(paper, "vault").blocked()).isTrue();
    for (AdminException refusal :
        new AdminException[] {
          refused(Kind.FORBIDDEN, () -> fixture.keys().unblock(paper, "vault/payroll")),
          refused(Kind.FORBIDDEN, () -> fixture.vaults().unblock(paper, "vault"))
        }) {
      assertThat(refusal.missing()).contains(AdminVerb.BLOCK);
    }
    refused(Kind.FORBIDDEN, () -> fixture.vaults().list(paper));
    refused(Kind.FORBIDDEN, () -> fixture.keys().disable(paper, "vault/payroll"));
    refused(Kind.FORBIDDEN, () -> fixture.keys().rotate(paper, "vault/payroll"));
    refused(Kind.FORBIDDEN, () -> fixture.keys().destroy(paper, "vault/payroll"));
    assertThat(fixture.vaults().find(ADMIN, "vault").blocked()).isTrue();
  }

  @Test
  void blockOnly_auditDown_blocksAllTheSame() {
    fixture.newKey("payroll");
    AdminContext paper = contextOf(add("paper", grant(Permission.BLOCK_ONLY)));
    fixture.sink.fail();

    AdminException failure =
        refused(Kind.UNAVAILABLE, () -> fixture.keys().block(paper, "vault/payroll"));

    assertThat(failure).hasMessageContaining("in force");
    assertThat(fixture.keys().find(ADMIN, "vault/payroll").key().blocked()).isTrue();
  }

  @Test
  void refusal_isTheSameWhetherWhatWasNamedExistsOrNot() {
    AdminContext kim = contextOf(add("kim", grant(Permission.BLOCK, "vault")));
    fixture.vaults().create(ADMIN, AdminFixture.newVault("secret", "hsm"));
    String there =
        refused(Kind.FORBIDDEN, () -> fixture.vaults().block(kim, "secret")).getMessage();
    String absent =
        refused(Kind.FORBIDDEN, () -> fixture.vaults().block(kim, "nothing")).getMessage();
    assertThat(there).isEqualTo(absent);
    refused(Kind.NOT_FOUND, () -> fixture.keys().block(kim, "vault/nothing"));
  }

  private IssuedCredential add(String name, NewGrant... grants) {
    return administrators.add(
        ADMIN,
        new NewAdministrator(
            name, Arrays.stream(grants).collect(Collectors.toSet()), Optional.empty()));
  }

  private IssuedCredential rotate(String name, Duration overlap) {
    return administrators.rotate(ADMIN, name, Optional.empty(), overlap);
  }

  private AdminContext contextOf(IssuedCredential issued) {
    return context(access.authenticate(text(issued)).orElseThrow());
  }

  private static AdminContext context(AdminIdentity identity) {
    return new AdminContext(identity, new RequestId("r-1"), Optional.empty());
  }

  private static NewGrant grant(Permission permission) {
    return new NewGrant(permission, Optional.empty());
  }

  private static NewGrant grant(Permission permission, String vault) {
    return new NewGrant(permission, Optional.of(vault));
  }

  private static String text(IssuedCredential issued) {
    SecretBytes credential = issued.credential().orElseThrow();
    return credential.read(bytes -> new String(bytes, StandardCharsets.US_ASCII));
  }
}
