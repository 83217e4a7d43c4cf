// SPDX-License-Identifier: Apache-2.0
package org.openekm.core.admin;

import static org.assertj.core.api.Assertions.assertThat;
import static org.openekm.core.admin.AdminFixture.ADMIN;
import static org.openekm.core.admin.AdminFixture.refused;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.openekm.api.KeyState;
import org.openekm.api.RequestId;
import org.openekm.core.admin.AdminException.Kind;
import org.openekm.core.admin.ChangeGuard.Subject;
import org.openekm.core.catalog.VaultEntry;
import org.openekm.spi.store.AdministratorRecord.Permission;
import org.openekm.testkit.fake.FaultyMetadataStore.Call;
import org.openekm.testkit.fake.StoreFault;

/** Changes that shall happen only if nobody else has changed the record meanwhile. */
class ChangeGuardTest {

  private static final String KEY = "vault/k";
  private static final String ALLOW = "{\"rules\": [{\"name\": \"other\", \"effect\": \"allow\"}]}";

  private final AdminFixture fixture = new AdminFixture().withVault();

  @BeforeEach
  void make() {
    fixture.newKey("k");
  }

  @AfterEach
  void close() {
    fixture.close();
  }

  private interface Change {
    void by(AdminServices services);
  }

  private record Case(Subject subject, String name, Change change) {
    @Override
    public String toString() {
      return subject + " " + name;
    }
  }

  static Stream<Case> changes() {
    return Stream.of(
        new Case(Subject.ISSUER, "idcs", on -> on.issuers().delete(ADMIN, "idcs")),
        new Case(Subject.TENANCY, "tenancy", on -> on.tenancies().delete(ADMIN, "tenancy")),
        new Case(Subject.VAULT, "vault", on -> on.vaults().delete(ADMIN, "vault")),
        new Case(Subject.VAULT, "vault", on -> on.vaults().setPolicy(ADMIN, "vault", ALLOW)),
        new Case(Subject.VAULT, "vault", on -> on.vaults().block(ADMIN, "vault")),
        new Case(
            Subject.VAULT, "vault", on -> on.keys().create(ADMIN, AdminFixture.command("other"))),
        new Case(Subject.KEY, KEY, on -> on.keys().rotate(ADMIN, KEY)),
        new Case(Subject.KEY, KEY, on -> on.keys().block(ADMIN, KEY)),
        new Case(Subject.KEY, KEY, on -> on.keys().setPolicy(ADMIN, KEY, ALLOW)),
        new Case(Subject.KEY, KEY, on -> on.keys().disable(ADMIN, KEY)));
  }

  @ParameterizedTest
  @MethodSource("changes")
  void change_ofSomethingElseThanWasSeen_isRefusedAndChangesNothing(Case each) {
    long revision = fixture.snapshot().revision();
    int material = fixture.device.keyCount();
    AdminServices stale =
        fixture.admin.under(
            ChangeGuard.ifUnchanged(
                each.subject(), each.name(), Set.of(new EntityTag("of-another-content"))));

    refused(Kind.STALE, () -> each.change().by(stale));

    assertThat(fixture.snapshot().revision()).isEqualTo(revision);
    assertThat(fixture.device.keyCount()).isEqualTo(material);
  }

  @Test
  void change_ofWhatWasSeen_happensAndGivesAnotherTag() {
    EntityTag before = tag(Subject.VAULT, "vault");
    ChangeGuard guard = unchanged(Subject.VAULT, "vault", before);

    fixture.admin.under(guard).vaults().setPolicy(ADMIN, "vault", ALLOW);

    assertThat(guard.changed()).isTrue();
    assertThat(guard.tag(Subject.VAULT, "vault")).isPresent().isNotEqualTo(Optional.of(before));
    assertThat(guard.tag(Subject.VAULT, "vault")).contains(tag(Subject.VAULT, "vault"));
  }

  @Test
  void rotation_ofTheKeySeenBefore_isStale() {
    EntityTag before = tag(Subject.KEY, KEY);
    fixture.keys().rotate(ADMIN, KEY);

    refused(
        Kind.STALE,
        () ->
            fixture
                .admin
                .under(unchanged(Subject.KEY, KEY, before))
                .keys()
                .setPolicy(ADMIN, KEY, ALLOW));
  }

  @Test
  void vaultChangedWhileMaterialIsMade_isRefusedAndTheMaterialGoesAgain() {
    int material = fixture.device.keyCount();
    AdminServices guarded =
        fixture.admin.under(unchanged(Subject.VAULT, "vault", tag(Subject.VAULT, "vault")));
    // The first reading stamps the event before the backend is called, the second the new version.
    fixture.atInstant(2, () -> fixture.vaults().setPolicy(ADMIN, "vault", ALLOW));

    refused(Kind.STALE, () -> guarded.keys().create(ADMIN, AdminFixture.command("other")));

    assertThat(fixture.device.keyCount()).isEqualTo(material);
    assertThat(fixture.keys().list(ADMIN, "vault")).hasSize(1);
  }

  @Test
  void destruction_inSeveralCommits_isNotStoppedByItsOwnChanges() {
    fixture.keys().rotate(ADMIN, KEY);
    fixture.keys().block(ADMIN, KEY);
    String id = fixture.keys().find(ADMIN, KEY).key().id().toString();
    AdminServices guarded = fixture.admin.under(unchanged(Subject.KEY, id, tag(Subject.KEY, id)));

    assertThat(guarded.keys().destroy(ADMIN, id).state()).isEqualTo(KeyState.DESTROYED);
    assertThat(fixture.device.keyCount()).isZero();
  }

  @Test
  void staleChange_isToldToWhoeverMayMakeIt_andIsForbiddenToOthers() {
    AdminContext may = administrator("may", Permission.UPDATE, "vault");
    AdminContext mayNot = administrator("may-not", Permission.VIEW, "vault");
    EntityTag old = new EntityTag("old");

    refused(
        Kind.STALE,
        () ->
            fixture
                .admin
                .under(unchanged(Subject.KEY, KEY, old))
                .keys()
                .setPolicy(may, KEY, ALLOW));
    refused(
        Kind.FORBIDDEN,
        () ->
            fixture
                .admin
                .under(unchanged(Subject.KEY, KEY, old))
                .keys()
                .setPolicy(mayNot, KEY, ALLOW));
  }

  @Test
  void staleRotation_byAnAdministrator_isStaleAndMakesNoMaterial() {
    AdminContext may = administrator("may", Permission.ROTATE, "vault");
    int material = fixture.device.keyCount();
    refused(
        Kind.STALE,
        () ->
            fixture
                .admin
                .under(unchanged(Subject.KEY, KEY, new EntityTag("old")))
                .keys()
                .rotate(may, KEY));
    assertThat(fixture.device.keyCount()).isEqualTo(material);
  }

  /** The first use is written down on the way, which is not the change that the request wants. */
  @Test
  void firstUseWrittenOnTheWay_neitherUsesTheConditionUpNorIsStoppedByIt() {
    fixture.keys().block(ADMIN, KEY);
    EntityTag before = tag(Subject.KEY, KEY);
    VaultEntry vault = fixture.snapshot().vaults().iterator().next();
    fixture.firstUses.ofKey(vault.keys().iterator().next(), fixture.clock.instant());

    refused(
        Kind.STALE,
        () ->
            fixture
                .admin
                .under(unchanged(Subject.KEY, KEY, before))
                .keys()
                .destroy(ADMIN, KEY, true));

    assertThat(fixture.keys().find(ADMIN, KEY).key().attributes().linkedAt()).isPresent();
    assertThat(fixture.device.keyCount()).isEqualTo(1);
  }

  private AdminContext administrator(String name, Permission permission, String vault) {
    String text =
        fixture
            .admin
            .administrators()
            .add(
                ADMIN,
                new NewAdministrator(
                    name, Set.of(new NewGrant(permission, Optional.of(vault))), Optional.empty()))
            .credential()
            .orElseThrow()
            .read(bytes -> new String(bytes, StandardCharsets.US_ASCII));
    return new AdminContext(
        fixture.admin.access().authenticate(text).orElseThrow(),
        new RequestId("r-1"),
        Optional.empty());
  }

  @Test
  void whatIsNotThere_isNotFoundRatherThanStale() {
    AdminServices guarded =
        fixture.admin.under(unchanged(Subject.VAULT, "none", new EntityTag("any")));
    refused(Kind.NOT_FOUND, () -> guarded.vaults().block(ADMIN, "none"));
  }

  @Test
  void conditionOnSomethingThatIsGone_letsNothingElseBeChanged() {
    AdminServices guarded =
        fixture.admin.under(unchanged(Subject.VAULT, "none", new EntityTag("any")));
    refused(Kind.STALE, () -> guarded.vaults().block(ADMIN, "vault"));
    assertThat(fixture.vaults().find(ADMIN, "vault").blocked()).isFalse();
  }

  @Test
  void commitWithoutKnownOutcome_countsAsChanged() {
    ChangeGuard guard = ChangeGuard.open();
    fixture.store.failNext(Call.COMMIT, 1, StoreFault.answerLost());
    refused(Kind.UNAVAILABLE, () -> fixture.admin.under(guard).vaults().block(ADMIN, "vault"));
    assertThat(guard.changed()).isTrue();
  }

  @Test
  void refusalBeforeAnyCommit_countsAsUnchanged() {
    ChangeGuard guard = ChangeGuard.open();
    ThrowingCallable taken =
        () -> fixture.admin.under(guard).keys().create(ADMIN, AdminFixture.command("k"));
    refused(Kind.CONFLICT, taken);
    assertThat(guard.changed()).isFalse();
  }

  @Test
  void tag_setsAndMapsInAnotherOrder_isTheSame() {
    EntityTag one = EntityTag.of(List.of(Set.of("a", "b", "c"), Map.of("x", "1", "y", "2")));
    EntityTag other = EntityTag.of(List.of(Set.of("c", "b", "a"), Map.of("y", "2", "x", "1")));
    assertThat(one).isEqualTo(other);
    assertThat(one.value()).matches("[A-Za-z0-9_-]{22}");
  }

  @Test
  void tag_contentThatOnlyLooksTheSame_differs() {
    assertThat(
            Stream.of(
                    List.of("ab", "c"),
                    List.of("a", "bc"),
                    List.of("abc"),
                    List.of(List.of("ab"), "c"),
                    List.of(Optional.empty(), "abc"),
                    List.of(Optional.of("abc")))
                .map(EntityTag::of))
        .doesNotHaveDuplicates();
  }

  private EntityTag tag(Subject subject, String name) {
    ChangeGuard guard = ChangeGuard.open();
    AdminServices services = fixture.admin.under(guard);
    if (subject == Subject.KEY) {
      services.keys().find(ADMIN, name);
    } else {
      services.vaults().find(ADMIN, name);
    }
    return guard.tag(subject, name).orElseThrow();
  }

  private static ChangeGuard unchanged(Subject subject, String name, EntityTag tag) {
    return ChangeGuard.ifUnchanged(subject, name, Set.of(tag));
  }
}
