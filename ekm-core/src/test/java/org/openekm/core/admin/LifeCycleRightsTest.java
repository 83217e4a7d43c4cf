// SPDX-License-Identifier: Apache-2.0
package org.openekm.core.admin;

import static org.assertj.core.api.Assertions.assertThat;
import static org.openekm.core.admin.AdminFixture.ADMIN;
import static org.openekm.core.admin.AdminFixture.command;
import static org.openekm.core.admin.AdminFixture.refused;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.openekm.api.Bytes;
import org.openekm.api.RequestId;
import org.openekm.core.admin.AdminException.Kind;
import org.openekm.core.admin.WrappedMaterial.Wrapping;
import org.openekm.spi.store.AdministratorRecord.Permission;
import org.openekm.spi.store.MetadataSnapshot;

/** Each use case of the keys' life cycle takes one verb for the vault, and no other. */
@Timeout(120)
final class LifeCycleRightsTest {

  private static final String KEY = "vault/k";

  private final AdminFixture fixture = new AdminFixture().withVault();

  private interface Use {
    void run(AdminServices admin, AdminContext who);
  }

  private record Call(String name, Permission verb, Use use) {

    @Override
    public String toString() {
      return name;
    }
  }

  private static Stream<Call> calls() {
    return Stream.of(
        new Call("show", Permission.VIEW, (a, w) -> a.keys().findVersion(w, KEY, "1")),
        new Call("list", Permission.VIEW, (a, w) -> a.keys().list(w, "vault", Map.of("a", "b"))),
        new Call("disable", Permission.UPDATE, (a, w) -> a.keys().disableVersion(w, KEY, "1")),
        new Call("enable", Permission.UPDATE, (a, w) -> a.keys().enableVersion(w, KEY, "1")),
        new Call(
            "set-rotation",
            Permission.UPDATE,
            (a, w) -> a.keys().setRotation(w, KEY, Duration.ofDays(90))),
        new Call("clear-rotation", Permission.UPDATE, (a, w) -> a.keys().clearRotation(w, KEY)),
        new Call(
            "labels", Permission.UPDATE, (a, w) -> a.keys().setLabels(w, KEY, Map.of("a", "b"))),
        new Call(
            "vault labels",
            Permission.UPDATE,
            (a, w) -> a.vaults().setLabels(w, "vault", Map.of("a", "b"))),
        new Call(
            "audit-success",
            Permission.UPDATE,
            (a, w) -> a.vaults().setAuditSuccess(w, "vault", false)),
        new Call("backend", Permission.UPDATE, (a, w) -> a.vaults().setBackend(w, "vault", "bare")),
        new Call("lock-backend", Permission.UPDATE, (a, w) -> a.vaults().lockBackend(w, "vault")),
        new Call(
            "set-dead-man",
            Permission.UPDATE,
            (a, w) -> a.deadMan().set(w, "vault", Duration.ofDays(1))),
        new Call("clear-dead-man", Permission.UPDATE, (a, w) -> a.deadMan().clear(w, "vault")),
        new Call("heartbeat", Permission.BLOCK, (a, w) -> a.deadMan().heartbeat(w, "vault")),
        new Call(
            "import",
            Permission.CREATE,
            (a, w) -> a.keys().importKey(w, command("new"), wrapped(Wrapping.RSA_AES_256, null))),
        new Call(
            "import-version",
            Permission.ROTATE,
            (a, w) -> a.keys().importVersion(w, KEY, wrapped(Wrapping.RSA_AES_256, null))),
        new Call(
            "forced schedule",
            Permission.DELETE,
            (a, w) -> a.keys().scheduleDeletion(w, KEY, Duration.ofDays(7), true)),
        new Call("forced destroy", Permission.DELETE, (a, w) -> a.keys().destroy(w, KEY, true)),
        new Call(
            "forced removal", Permission.DELETE, (a, w) -> a.vaults().delete(w, "vault", true)));
  }

  @BeforeEach
  void makeKeys() {
    fixture.vaults().create(ADMIN, AdminFixture.newVault("other", "hsm"));
    KeyDetails unused = fixture.newKey("k");
    fixture.admin.deadMan().set(ADMIN, "vault", Duration.ofDays(2));
  }

  @AfterEach
  void close() {
    fixture.close();
  }

  @ParameterizedTest
  @MethodSource("calls")
  void call_withEveryOtherVerbAndTheVerbElsewhere_isRefusedAndChangesNothing(Call call) {
    AdminContext who =
        administrator(
            Stream.concat(
                    Arrays.stream(Permission.values())
                        .filter(each -> each != call.verb())
                        .map(each -> new NewGrant(each, Optional.of("vault"))),
                    Stream.of(new NewGrant(call.verb(), Optional.of("other"))))
                .collect(Collectors.toSet()));
    MetadataSnapshot before = fixture.store.load();

    AdminException refusal = refused(Kind.FORBIDDEN, () -> call.use().run(fixture.admin, who));

    assertThat(refusal.missing()).contains(AdminVerb.of(call.verb()));
    assertThat(fixture.store.load()).isEqualTo(before);
  }

  @ParameterizedTest
  @MethodSource("calls")
  void call_withTheVerbForTheVault_isNotForbidden(Call call) {
    AdminContext who = administrator(Set.of(new NewGrant(call.verb(), Optional.of("vault"))));
    try {
      call.use().run(fixture.admin, who);
    } catch (AdminException e) {
      assertThat(e.kind()).as(e.getMessage()).isIn(Kind.INVALID, Kind.WRONG_STATE, Kind.CONFLICT);
    }
  }

  @Test
  void badLabels_areToldToWhoeverMaySetThem_andToNobodyElse() {
    AdminContext may = administrator(Set.of(new NewGrant(Permission.UPDATE, Optional.of("vault"))));
    refused(Kind.INVALID, () -> fixture.keys().setLabels(may, KEY, Map.of("", "x")));
    refused(Kind.INVALID, () -> fixture.vaults().setLabels(may, "vault", Map.of("", "x")));
    refused(Kind.INVALID, () -> fixture.vaults().setBackend(may, "vault", "none"));
    refused(Kind.FORBIDDEN, () -> fixture.vaults().setLabels(may, "other", Map.of("", "x")));
  }

  @Test
  void importPublicKey_takesTheVerbToViewForSomething() {
    AdminContext nobody = administrator(Set.of());
    refused(Kind.FORBIDDEN, () -> fixture.keys().importPublicKey(nobody));
  }

  @Test
  void importKey_underAKeyOfAVaultWithoutTheVerb_isForbiddenWhetherItExistsOrNot() {
    AdminContext who = administrator(Set.of(new NewGrant(Permission.CREATE, Optional.of("other"))));
    String id = fixture.keys().find(ADMIN, KEY).key().id().toString();
    List<String> messages =
        Stream.of(KEY, "vault/none", id, "00000000-0000-4000-8000-000000000000", "none/k")
            .map(
                name ->
                    refused(
                        Kind.FORBIDDEN,
                        () ->
                            fixture
                                .keys()
                                .importKey(
                                    who,
                                    new NewKeyCommand("other", "new", 32, Optional.empty()),
                                    wrapped(Wrapping.AES_KWP, name))))
            .map(AdminException::getMessage)
            .distinct()
            .toList();
    assertThat(messages).hasSize(1);
    assertThat(fixture.device.keyCount()).isEqualTo(1);
  }

  @Test
  void importKey_underAMissingKeyOfAVaultWithTheVerb_isToldThatItIsMissing() {
    AdminContext who = administrator(Set.of(new NewGrant(Permission.CREATE, Optional.of("vault"))));
    AdminException refusal =
        refused(
            Kind.INVALID,
            () ->
                fixture
                    .keys()
                    .importKey(who, command("new"), wrapped(Wrapping.AES_KWP, "vault/none")));
    assertThat(refusal.problems())
        .anySatisfy(each -> assertThat(each.field()).isEqualTo("wrappingKey"));
  }

  private static WrappedMaterial wrapped(Wrapping wrapping, @Nullable String key) {
    return new WrappedMaterial(wrapping, Bytes.copyOf(new byte[40]), Optional.ofNullable(key));
  }

  private AdminContext administrator(Set<NewGrant> grants) {
    IssuedCredential issued =
        fixture
            .admin
            .administrators()
            .add(ADMIN, new NewAdministrator("kim", grants, Optional.empty()));
    String text =
        issued
            .credential()
            .orElseThrow()
            .read(bytes -> new String(bytes, StandardCharsets.US_ASCII));
    return new AdminContext(
        fixture.admin.access().authenticate(text).orElseThrow(),
        new RequestId("r-1"),
        Optional.empty());
  }
}
