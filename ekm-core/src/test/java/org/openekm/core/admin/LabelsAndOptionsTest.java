// SPDX-License-Identifier: Apache-2.0
package org.openekm.core.admin;

import static org.assertj.core.api.Assertions.assertThat;
import static org.openekm.core.admin.AdminFixture.ADMIN;
import static org.openekm.core.admin.AdminFixture.newVault;
import static org.openekm.core.admin.AdminFixture.refused;

import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.openekm.api.SecretBytes;
import org.openekm.core.admin.AdminException.Kind;
import org.openekm.spi.backend.BackendKeyRef;
import org.openekm.spi.store.KeyRecord;
import org.openekm.spi.store.VaultRecord;

/** Labels, the lock to one backend and the switch of the success audit. */
@Timeout(60)
final class LabelsAndOptionsTest {

  private final AdminFixture fixture = new AdminFixture().withVault();
  private final KeyAdmin keys = fixture.keys();
  private final VaultAdmin vaults = fixture.vaults();

  @AfterEach
  void close() {
    fixture.close();
  }

  @Test
  void labels_setOnVaultAndKey_filterTheLists() {
    vaults.create(ADMIN, newVault("other", "hsm"));
    vaults.setLabels(ADMIN, "vault", Map.of("team", "payments", "stage", "prod"));
    vaults.setLabels(ADMIN, "other", Map.of("team", "payments"));
    assertThat(vaults.list(ADMIN, Map.of("team", "payments")))
        .extracting(VaultRecord::name)
        .containsExactly("other", "vault");
    assertThat(vaults.list(ADMIN, Map.of("team", "payments", "stage", "prod")))
        .extracting(VaultRecord::name)
        .containsExactly("vault");
    assertThat(vaults.list(ADMIN, Map.of("team", "PAYMENTS"))).isEmpty();

    fixture.newKey("a");
    keys.create(
        ADMIN,
        new NewKeyCommand(
            "vault",
            "b",
            32,
            Optional.empty(),
            true,
            new NewKeyCommand.Options(Map.of("service", "objects"), Optional.empty())));
    assertThat(keys.list(ADMIN, "vault", Map.of("service", "objects")))
        .extracting(KeyRecord::name)
        .containsExactly("b");
    keys.setLabels(ADMIN, "vault/b", Map.of());
    assertThat(keys.list(ADMIN, "vault", Map.of("service", "objects"))).isEmpty();
    assertThat(keys.list(ADMIN, "vault", Map.of())).hasSize(2);
  }

  static Stream<Map<String, String>> badLabels() {
    Map<String, String> many = new HashMap<>();
    for (int i = 0; i < 33; i++) {
      many.put("n" + i, "");
    }
    return Stream.of(
        many,
        Map.of("", "x"),
        Map.of("two words", "x"),
        Map.of("a=b", "x"),
        Map.of("-a", "x"),
        Map.of("n".repeat(64), "x"),
        Map.of("a", "v".repeat(129)),
        Map.of("a", "line\nbreak"),
        Map.of("a", "\u0000"));
  }

  @ParameterizedTest
  @MethodSource("badLabels")
  void labels_bad_areRefusedByName(Map<String, String> labels) {
    fixture.newKey("a");
    for (AdminException refusal :
        new AdminException[] {
          refused(Kind.INVALID, () -> vaults.setLabels(ADMIN, "vault", labels)),
          refused(Kind.INVALID, () -> keys.setLabels(ADMIN, "vault/a", labels)),
          refused(
              Kind.INVALID,
              () ->
                  keys.create(
                      ADMIN,
                      new NewKeyCommand(
                          "vault",
                          "b",
                          32,
                          Optional.empty(),
                          true,
                          new NewKeyCommand.Options(labels, Optional.empty()))))
        }) {
      assertThat(refusal.problems().get(0).field()).isEqualTo("labels");
    }
    assertThat(vaults.find(ADMIN, "vault").attributes().labels()).isEmpty();
  }

  @Test
  void labels_atTheLimits_areKept() {
    Map<String, String> most = new HashMap<>();
    for (int i = 0; i < 32; i++) {
      most.put("n".repeat(61) + (10 + i), "ü".repeat(128));
    }
    assertThat(vaults.setLabels(ADMIN, "vault", most).attributes().labels()).isEqualTo(most);
  }

  @Test
  void setBackend_newKeysAndVersionsAreMadeThere_oldOnesStay() {
    fixture.newKey("a");
    vaults.setBackend(ADMIN, "vault", "bare");
    assertThat(keys.findVersion(ADMIN, "vault/a", "1").version().backend()).isEqualTo("hsm");
    AdminException refusal = refused(Kind.INVALID, () -> keys.rotate(ADMIN, "vault/a"));
    assertThat(refusal).hasMessageContaining("can't make keys");
    refused(Kind.INVALID, () -> vaults.setBackend(ADMIN, "vault", "tape"));
  }

  @Test
  void lockBackend_changingTheBackendIsRefusedForGood() {
    assertThat(vaults.lockBackend(ADMIN, "vault").attributes().backendLocked()).isTrue();
    assertThat(vaults.lockBackend(ADMIN, "vault").attributes().backendLocked()).isTrue();
    AdminException refusal =
        refused(Kind.WRONG_STATE, () -> vaults.setBackend(ADMIN, "vault", "bare"));
    assertThat(refusal).hasMessageContaining("locked to backend hsm");
    assertThat(vaults.setBackend(ADMIN, "vault", "hsm").backend()).isEqualTo("hsm");
    assertThat(fixture.newKey("a").versions().get(0).backend()).isEqualTo("hsm");
  }

  @Test
  void lockBackend_withAKeyElsewhere_isRefused() {
    fixture.newKey("a");
    vaults.setBackend(ADMIN, "vault", "bare");
    AdminException refusal = refused(Kind.CONFLICT, () -> vaults.lockBackend(ADMIN, "vault"));
    assertThat(refusal).hasMessageContaining("lives in backend hsm");
    keys.block(ADMIN, "vault/a");
    keys.destroy(ADMIN, "vault/a");
    assertThat(vaults.lockBackend(ADMIN, "vault").attributes().backendLocked()).isTrue();
  }

  @Test
  void createVault_locked_isLockedFromTheStart() {
    NewVault usual = newVault("sealed", "hsm");
    vaults.create(
        ADMIN,
        new NewVault(
            usual.name(),
            usual.tenancy(),
            usual.access(),
            usual.endpoint(),
            usual.backend(),
            usual.policy(),
            true,
            new NewVault.Options(Map.of("tier", "1"), true)));
    assertThat(vaults.list(ADMIN, Map.of("tier", "1"))).hasSize(1);
    refused(Kind.WRONG_STATE, () -> vaults.setBackend(ADMIN, "sealed", "bare"));
  }

  @Test
  void adopt_whileTheBackendIsChangedAndLocked_isRefused() {
    BackendKeyRef ref = new BackendKeyRef("fixed");
    fixture.device.putKey(ref, SecretBytes.adopt(new byte[32]));
    // The first reading stamps the event that announces the work, the second the version.
    fixture.atInstant(
        2,
        () -> {
          vaults.setBackend(ADMIN, "vault", "bare");
          vaults.lockBackend(ADMIN, "vault");
        });
    refused(Kind.CONFLICT, () -> keys.adopt(ADMIN, AdminFixture.command("late"), ref));
    assertThat(keys.list(ADMIN, "vault")).isEmpty();
  }

  @Test
  void auditSuccess_switched_isShownAndAudited() {
    assertThat(vaults.setAuditSuccess(ADMIN, "vault", false).auditSuccess()).isFalse();
    assertThat(vaults.find(ADMIN, "vault").auditSuccess()).isFalse();
    assertThat(fixture.sink.events("vault.set-audit-success").get(0).details())
        .containsEntry("auditSuccess", "false");
    assertThat(vaults.setAuditSuccess(ADMIN, "vault", true).auditSuccess()).isTrue();
  }

  @Test
  void auditSuccess_auditDown_isNotSwitchedOff() {
    fixture.sink.fail();
    refused(Kind.UNAVAILABLE, () -> vaults.setAuditSuccess(ADMIN, "vault", false));
    assertThat(vaults.find(ADMIN, "vault").auditSuccess()).isTrue();
  }
}
