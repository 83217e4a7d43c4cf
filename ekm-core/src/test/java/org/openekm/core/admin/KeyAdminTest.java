// SPDX-License-Identifier: Apache-2.0
package org.openekm.core.admin;

import static org.assertj.core.api.Assertions.assertThat;
import static org.openekm.core.admin.AdminFixture.ADMIN;
import static org.openekm.core.admin.AdminFixture.command;
import static org.openekm.core.admin.AdminFixture.refused;

import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.openekm.api.KeyState;
import org.openekm.api.SecretBytes;
import org.openekm.core.admin.AdminException.Kind;
import org.openekm.core.catalog.ServingRules;
import org.openekm.spi.ConfigurationProblem;
import org.openekm.spi.audit.AuditEvent;
import org.openekm.spi.backend.BackendException;
import org.openekm.spi.backend.BackendKeyRef;
import org.openekm.spi.store.KeyRecord;
import org.openekm.testkit.fake.BackendFault;
import org.openekm.testkit.fake.FaultyKeyBackend.Call;
import org.openekm.testkit.fake.FaultyMetadataStore;
import org.openekm.testkit.fake.StoreFault;

@Timeout(60)
final class KeyAdminTest {

  private final AdminFixture fixture = new AdminFixture().withVault();
  private final KeyAdmin keys = fixture.keys();

  @AfterEach
  void close() {
    fixture.close();
  }

  @Test
  void create_key_servesAtOnceAndIsInTheAudit() {
    KeyDetails made = fixture.newKey("payroll");

    KeyRecord key = made.key();
    assertThat(key.state()).isEqualTo(KeyState.ACTIVE);
    assertThat(key.lengthBytes()).isEqualTo(32);
    assertThat(key.id().value().version()).isEqualTo(4);
    assertThat(
            ServingRules.key(
                    ServingRules.vault(fixture.snapshot(), key.vault(), fixture.clock.instant()),
                    key.id())
                .record())
        .isEqualTo(key);
    assertThat(made.versions()).singleElement().satisfies(v -> assertThat(v.number()).isEqualTo(1));
    assertThat(fixture.device.material(made.versions().get(0).ref())).isPresent();

    AuditEvent event = fixture.sink.events("key.create").get(0);
    assertThat(event.outcome()).isEqualTo(AuditEvent.OK);
    assertThat(event.actor()).isEqualTo("alice");
    assertThat(event.requestId()).contains(ADMIN.requestId());
    assertThat(event.key()).contains(key.id());
    assertThat(event.vault()).contains(key.vault());
    assertThat(event.version()).contains(key.currentVersion());
    assertThat(event.details())
        .containsEntry("name", "payroll")
        .containsEntry("source", "127.0.0.1");
  }

  @Test
  void create_manyProblems_tellsAllAtOnceAndTouchesNoBackend() {
    AdminException refusal =
        refused(
            Kind.INVALID,
            () ->
                keys.create(
                    ADMIN,
                    new NewKeyCommand("vault", "no good", 17, Optional.of("{\"rules\": 1}"))));
    assertThat(refusal.problems())
        .extracting(ConfigurationProblem::field)
        .containsExactly("name", "lengthBytes", "policy", "lengthBytes");
    assertThat(fixture.device.keyCount()).isZero();
    AuditEvent event = fixture.sink.events("key.create").get(0);
    assertThat(event.outcome()).isEqualTo("MALFORMED_REQUEST");
    assertThat(event.details())
        .containsEntry("fields", "name,lengthBytes,policy")
        .containsEntry("refused", "INVALID");
  }

  @Test
  void create_nameThatLooksLikeAnId_isRefused() {
    refused(Kind.INVALID, () -> fixture.newKey("12345678-1234-1234-1234-123456789012"));
  }

  @Test
  void create_unknownVault_isNotFound() {
    refused(
        Kind.NOT_FOUND,
        () -> keys.create(ADMIN, new NewKeyCommand("nowhere", "a", 32, Optional.empty())));
    assertThat(fixture.sink.events("key.create").get(0).succeeded()).isFalse();
  }

  @Test
  void create_nameTaken_isRefusedBeforeTheBackendMakesAnything() {
    fixture.newKey("payroll");
    refused(Kind.CONFLICT, () -> fixture.newKey("payroll"));
    assertThat(fixture.backend.calls(Call.GENERATE_KEY)).isEqualTo(1);
  }

  @Test
  void create_nameTakenWhileTheBackendWorked_destroysTheNewMaterialAgain() {
    AtomicBoolean first = new AtomicBoolean(true);
    fixture.backend.failNext(
        Call.GENERATE_KEY,
        1,
        BackendFault.throwing(
            () -> {
              if (first.getAndSet(false)) {
                fixture.backend.heal();
                fixture.newKey("payroll");
              }
              return new BackendException.TimedOut("scripted", null);
            }));
    refused(Kind.CONFLICT, () -> fixture.newKey("payroll"));
    assertThat(fixture.device.keyCount()).isEqualTo(1);
    assertThat(fixture.device.material(keys.versions(ADMIN, "vault/payroll").get(0).ref()))
        .isPresent();
  }

  @Test
  void create_backendTimesOutOnce_makesOneKeyOnly() {
    fixture.backend.failNext(
        Call.GENERATE_KEY,
        1,
        BackendFault.throwing(() -> new BackendException.TimedOut("scripted", null)));
    fixture.newKey("payroll");
    assertThat(fixture.device.keyCount()).isEqualTo(1);
    assertThat(fixture.backend.calls(Call.GENERATE_KEY)).isEqualTo(2);
  }

  @Test
  void create_backendDown_leavesNoRecord() {
    fixture.backend.fail(Call.GENERATE_KEY, BackendFault.unavailable(true));
    refused(Kind.UNAVAILABLE, () -> fixture.newKey("payroll"));
    assertThat(keys.list(ADMIN, "vault")).isEmpty();
    assertThat(fixture.sink.events("key.create").get(0).outcome()).isEqualTo("BACKEND_UNAVAILABLE");
  }

  @Test
  void create_storeAnswerLost_keepsTheMaterialBecauseTheRecordIsThere() {
    fixture.store.failNext(FaultyMetadataStore.Call.COMMIT, 1, StoreFault.answerLost());
    refused(Kind.UNAVAILABLE, () -> fixture.newKey("payroll"));

    KeyDetails found = keys.find(ADMIN, "vault/payroll");
    assertThat(fixture.device.material(found.versions().get(0).ref())).isPresent();
  }

  @Test
  void create_storeDiesBetweenBackendAndRecord_orphanHarmsNothingAndTheNextTryWorks() {
    fixture.store.failNext(FaultyMetadataStore.Call.COMMIT, 1, StoreFault.unavailable());
    refused(Kind.UNAVAILABLE, () -> fixture.newKey("payroll"));
    assertThat(keys.list(ADMIN, "vault")).isEmpty();
    assertThat(fixture.device.keyCount()).isEqualTo(1);

    KeyDetails made = fixture.newKey("payroll");
    assertThat(fixture.device.keyCount()).isEqualTo(2);
    assertThat(made.versions()).hasSize(1);
  }

  @Test
  void create_auditDown_isRefusedBeforeAnythingHappens() {
    fixture.sink.fail();
    refused(Kind.UNAVAILABLE, () -> fixture.newKey("payroll"));
    assertThat(fixture.device.keyCount()).isZero();
    assertThat(keys.list(ADMIN, "vault")).isEmpty();
  }

  @Test
  void create_backendThatCannotMakeKeys_saysToAdopt() {
    fixture.vaults().create(ADMIN, AdminFixture.newVault("bare", "bare"));
    AdminException refusal =
        refused(
            Kind.INVALID,
            () -> keys.create(ADMIN, new NewKeyCommand("bare", "a", 32, Optional.empty())));
    assertThat(refusal).hasMessageContaining("adopt");
  }

  @Test
  void create_notActive_servesOnlyAfterActivation() {
    KeyDetails made =
        keys.create(ADMIN, new NewKeyCommand("vault", "later", 32, Optional.empty(), false));
    assertThat(made.key().state()).isEqualTo(KeyState.PRE_ACTIVE);
    assertThat(keys.activate(ADMIN, "vault/later").state()).isEqualTo(KeyState.ACTIVE);
    refused(Kind.WRONG_STATE, () -> keys.activate(ADMIN, "vault/later"));
  }

  @Test
  void importKey_material_isInTheBackendAndStaysTheCallers() {
    SecretBytes material = material(32);
    KeyDetails made = keys.importKey(ADMIN, command("imported"), material);
    assertThat(material.isDestroyed()).isFalse();
    assertThat(fixture.device.material(made.versions().get(0).ref())).contains(material);
    assertThat(fixture.sink.events("key.import").toString()).doesNotContain("0707070707070707");
  }

  @Test
  void importKey_wrongLengthOrZeros_isRefused() {
    assertThat(
            refused(Kind.INVALID, () -> keys.importKey(ADMIN, command("a"), material(16)))
                .problems())
        .extracting(ConfigurationProblem::field)
        .containsExactly("material");
    SecretBytes zeros = SecretBytes.adopt(new byte[32]);
    assertThat(refused(Kind.INVALID, () -> keys.importKey(ADMIN, command("a"), zeros)).getMessage())
        .contains("zeros");
    assertThat(fixture.device.keyCount()).isZero();
  }

  @Test
  void adopt_keyInTheDevice_servesWithItsWarnings() {
    BackendKeyRef ref = new BackendKeyRef("made-by-vendor-tool");
    fixture.device.putKey(ref, material(32));
    KeyDetails made = keys.adopt(ADMIN, command("adopted"), ref);
    assertThat(made.versions().get(0).ref()).isEqualTo(ref);
    assertThat(made.warnings()).isNotEmpty();
  }

  @Test
  void adopt_keyThatOnlyUnwraps_isRefusedUnlessPreActive() {
    BackendKeyRef ref = new BackendKeyRef("unwraps");
    fixture.device.putKey(ref, material(32));
    fixture.device.unwrapsOnly(ref);

    assertThat(refused(Kind.INVALID, () -> keys.adopt(ADMIN, command("a"), ref)).problems())
        .extracting(ConfigurationProblem::field)
        .containsExactly("active");
    NewKeyCommand later = new NewKeyCommand("vault", "kek", 32, Optional.empty(), false);
    assertThat(keys.adopt(ADMIN, later, ref).key().state()).isEqualTo(KeyState.PRE_ACTIVE);
  }

  @Test
  void adopt_missingKeyOrOtherLength_namesTheField() {
    AdminException missing =
        refused(Kind.INVALID, () -> keys.adopt(ADMIN, command("a"), new BackendKeyRef("nothing")));
    assertThat(missing.problems()).extracting(ConfigurationProblem::field).containsExactly("ref");

    BackendKeyRef shorter = new BackendKeyRef("short");
    fixture.device.putKey(shorter, material(16));
    AdminException length = refused(Kind.INVALID, () -> keys.adopt(ADMIN, command("a"), shorter));
    assertThat(length.problems())
        .extracting(ConfigurationProblem::field)
        .containsExactly("lengthBytes");
  }

  @Test
  void adopt_materialOfAnotherKey_isRefusedAndNotDestroyed() {
    BackendKeyRef ref = fixture.newKey("payroll").versions().get(0).ref();
    refused(Kind.CONFLICT, () -> keys.adopt(ADMIN, command("second"), ref));
    assertThat(fixture.device.material(ref)).isPresent();
  }

  @Test
  void rotate_key_newVersionEncryptsAndTheOldOneStays() {
    KeyDetails before = fixture.newKey("payroll");
    KeyDetails after = keys.rotate(ADMIN, "vault/payroll");

    assertThat(after.versions()).extracting(v -> v.number()).containsExactly(2, 1);
    assertThat(after.key().currentVersion()).isEqualTo(after.versions().get(0).id());
    assertThat(after.versions().get(1)).isEqualTo(before.versions().get(0));
    assertThat(fixture.device.keyCount()).isEqualTo(2);
    assertThat(fixture.sink.events("key.rotate").get(0).version())
        .contains(after.key().currentVersion());
  }

  @Test
  void rotate_notActive_isRefusedBeforeTheBackend() {
    fixture.newKey("payroll");
    keys.disable(ADMIN, "vault/payroll");
    refused(Kind.WRONG_STATE, () -> keys.rotate(ADMIN, "vault/payroll"));
    assertThat(fixture.device.keyCount()).isEqualTo(1);
  }

  @Test
  void rotate_disabledWhileTheBackendWorked_destroysTheNewMaterialAgain() {
    fixture.newKey("payroll");
    fixture.backend.failNext(
        Call.GENERATE_KEY,
        1,
        BackendFault.throwing(
            () -> {
              keys.disable(ADMIN, "vault/payroll");
              return new BackendException.TimedOut("scripted", null);
            }));
    refused(Kind.WRONG_STATE, () -> keys.rotate(ADMIN, "vault/payroll"));
    assertThat(fixture.device.keyCount()).isEqualTo(1);
    assertThat(keys.versions(ADMIN, "vault/payroll")).hasSize(1);
  }

  @Test
  void importVersion_material_becomesCurrent() {
    fixture.newKey("payroll");
    KeyDetails after = keys.importVersion(ADMIN, "vault/payroll", material(32));
    assertThat(fixture.device.material(after.versions().get(0).ref())).contains(material(32));
    refused(Kind.INVALID, () -> keys.importVersion(ADMIN, "vault/payroll", material(24)));
  }

  @Test
  void setPolicy_badText_isRefusedAndTheOldOneStays() {
    fixture.newKey("payroll");
    keys.setPolicy(ADMIN, "vault/payroll", "{\"rules\": []}");
    AdminException refusal =
        refused(Kind.INVALID, () -> keys.setPolicy(ADMIN, "vault/payroll", "{\"rules\": [{}]}"));
    assertThat(refusal.problems())
        .hasSize(2)
        .allSatisfy(p -> assertThat(p.field()).isEqualTo("policy"));
    assertThat(keys.find(ADMIN, "vault/payroll").key().policy()).contains("{\"rules\": []}");
    assertThat(keys.clearPolicy(ADMIN, "vault/payroll").policy()).isEmpty();
  }

  @Test
  void disableAndEnable_inTurn_refuseTheWrongOrder() {
    fixture.newKey("payroll");
    assertThat(keys.disable(ADMIN, "vault/payroll").state()).isEqualTo(KeyState.DISABLED);
    refused(Kind.WRONG_STATE, () -> keys.disable(ADMIN, "vault/payroll"));
    assertThat(keys.enable(ADMIN, "vault/payroll").state()).isEqualTo(KeyState.ACTIVE);
    refused(Kind.WRONG_STATE, () -> keys.enable(ADMIN, "vault/payroll"));
    refused(Kind.WRONG_STATE, () -> keys.cancelDeletion(ADMIN, "vault/payroll"));
    assertThat(fixture.sink.events("key.disable"))
        .extracting(AuditEvent::outcome)
        .containsExactly("OK", "KEY_NOT_ACTIVE");
  }

  @Test
  void find_byIdAndByPath_areTheSame() {
    KeyRecord key = fixture.newKey("payroll").key();
    assertThat(keys.find(ADMIN, key.id().toString()).key()).isEqualTo(key);
    assertThat(keys.find(ADMIN, key.id().toString().toUpperCase(java.util.Locale.ROOT)).key())
        .isEqualTo(key);
    assertThat(keys.find(ADMIN, key.vault() + "/payroll").key()).isEqualTo(key);
    refused(Kind.NOT_FOUND, () -> keys.find(ADMIN, "payroll"));
    refused(Kind.NOT_FOUND, () -> keys.find(ADMIN, "vault/other"));
    refused(Kind.NOT_FOUND, () -> keys.block(ADMIN, "vault/other"));
    assertThat(fixture.sink.events("key.block").get(0).outcome()).isEqualTo("KEY_NOT_FOUND");
  }

  private static SecretBytes material(int length) {
    byte[] bytes = new byte[length];
    java.util.Arrays.fill(bytes, (byte) 7);
    return SecretBytes.adopt(bytes);
  }
}
