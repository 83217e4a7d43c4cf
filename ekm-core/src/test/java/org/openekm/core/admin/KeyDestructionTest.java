// SPDX-License-Identifier: Apache-2.0
package org.openekm.core.admin;

import static org.assertj.core.api.Assertions.assertThat;
import static org.openekm.core.admin.AdminFixture.ADMIN;
import static org.openekm.core.admin.AdminFixture.refused;

import java.time.Duration;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.openekm.api.EkmErrorCode;
import org.openekm.api.EkmException;
import org.openekm.api.KeyState;
import org.openekm.api.SecretBytes;
import org.openekm.core.admin.AdminException.Kind;
import org.openekm.core.catalog.ServingRules;
import org.openekm.spi.audit.AuditEvent;
import org.openekm.spi.backend.BackendKeyRef;
import org.openekm.spi.store.KeyRecord;
import org.openekm.spi.store.KeyVersionRecord;
import org.openekm.testkit.fake.BackendFault;
import org.openekm.testkit.fake.FaultyKeyBackend.Call;
import org.openekm.testkit.fake.FaultyMetadataStore;
import org.openekm.testkit.fake.StoreFault;

@Timeout(60)
final class KeyDestructionTest {

  private static final Duration WAIT = Duration.ofDays(7);
  private static final String KEY = "vault/payroll";

  private final AdminFixture fixture = new AdminFixture().withVault();
  private final KeyAdmin keys = fixture.keys();
  private String id = "";

  @BeforeEach
  void makeKeyWithTwoVersions() {
    id = fixture.newKey("payroll").key().id().toString();
    keys.rotate(ADMIN, KEY);
  }

  @AfterEach
  void close() {
    fixture.close();
  }

  @Test
  void destroy_activeKeyNotBlocked_isRefusedAndNothingIsLost() {
    AdminException refusal = refused(Kind.WRONG_STATE, () -> keys.destroy(ADMIN, KEY));
    assertThat(refusal).hasMessageContaining("block it first");
    assertThat(fixture.device.keyCount()).isEqualTo(2);
    assertThat(keys.find(ADMIN, KEY).key().state()).isEqualTo(KeyState.ACTIVE);
  }

  @Test
  void destroy_blockedKey_isGoneEverywhereAndAnswersNotFound() {
    keys.block(ADMIN, KEY);
    KeyRecord destroyed = keys.destroy(ADMIN, KEY);

    assertThat(destroyed.state()).isEqualTo(KeyState.DESTROYED);
    assertThat(keys.versions(ADMIN, id))
        .extracting(KeyVersionRecord::state)
        .containsOnly(KeyState.DESTROYED);
    assertThat(fixture.device.keyCount()).isZero();
    assertThat(code(destroyed)).isEqualTo(EkmErrorCode.KEY_NOT_FOUND);
    assertThat(fixture.sink.events().stream().map(AuditEvent::action))
        .containsSubsequence("key.block", "key.destroy.begin", "key.destroy");
  }

  @Test
  void destroy_notBlocked_isRefusedInEveryStateFromWhichTheKeyCouldBeUsedAgain() {
    keys.disable(ADMIN, KEY);
    refused(Kind.WRONG_STATE, () -> keys.destroy(ADMIN, KEY));
    keys.scheduleDeletion(ADMIN, KEY, WAIT);
    refused(Kind.WRONG_STATE, () -> keys.destroy(ADMIN, KEY));
    keys.create(ADMIN, new NewKeyCommand("vault", "later", 32, Optional.empty(), false));
    refused(Kind.WRONG_STATE, () -> keys.destroy(ADMIN, "vault/later"));
    assertThat(fixture.device.keyCount()).isEqualTo(3);

    keys.block(ADMIN, KEY);
    keys.block(ADMIN, "vault/later");
    assertThat(keys.destroy(ADMIN, KEY).state()).isEqualTo(KeyState.DESTROYED);
    assertThat(keys.destroy(ADMIN, "vault/later").state()).isEqualTo(KeyState.DESTROYED);
    assertThat(fixture.device.keyCount()).isZero();
  }

  @Test
  void destroy_twice_isASuccess() {
    keys.block(ADMIN, KEY);
    keys.destroy(ADMIN, KEY);
    assertThat(keys.destroy(ADMIN, id).state()).isEqualTo(KeyState.DESTROYED);
    assertThat(fixture.backend.calls(Call.DESTROY_KEY)).isEqualTo(2);
  }

  @Test
  void destroy_backendDown_keyIsOutOfUseAndRepeatingFinishes() {
    keys.block(ADMIN, KEY);
    fixture.backend.failNext(Call.DESTROY_KEY, 1, BackendFault.unavailable(true));
    AdminException failure = refused(Kind.UNAVAILABLE, () -> keys.destroy(ADMIN, KEY));

    assertThat(failure).hasMessageContaining("out of use for good").hasMessageContaining(id);
    assertThat(keys.find(ADMIN, id).key().state()).isEqualTo(KeyState.DESTROYED);
    assertThat(keys.versions(ADMIN, id))
        .extracting(KeyVersionRecord::state)
        .containsExactlyInAnyOrder(KeyState.PENDING_DELETION, KeyState.DESTROYED);
    assertThat(code(keys.find(ADMIN, id).key())).isEqualTo(EkmErrorCode.KEY_NOT_FOUND);
    assertThat(fixture.device.keyCount()).isEqualTo(1);

    keys.destroy(ADMIN, id);
    assertThat(fixture.device.keyCount()).isZero();
    assertThat(keys.versions(ADMIN, id))
        .extracting(KeyVersionRecord::state)
        .containsOnly(KeyState.DESTROYED);
  }

  @Test
  void destroyDue_unfinishedDestruction_isFinished() {
    keys.block(ADMIN, KEY);
    fixture.backend.failNext(Call.DESTROY_KEY, 2, BackendFault.unavailable(true));
    refused(Kind.UNAVAILABLE, () -> keys.destroy(ADMIN, KEY));
    assertThat(keys.destroyDue()).isEqualTo(1);
    assertThat(fixture.device.keyCount()).isZero();
    assertThat(keys.destroyDue()).isZero();
  }

  @Test
  void destroy_storeDiesBeforeTheRecord_materialIsUntouched() {
    keys.block(ADMIN, KEY);
    fixture.store.failNext(FaultyMetadataStore.Call.COMMIT, 1, StoreFault.unavailable());
    refused(Kind.UNAVAILABLE, () -> keys.destroy(ADMIN, KEY));
    assertThat(fixture.device.keyCount()).isEqualTo(2);
    assertThat(keys.find(ADMIN, KEY).key().state()).isEqualTo(KeyState.ACTIVE);
  }

  @Test
  void destroy_auditDown_isRefusedBeforeAnythingIsLost() {
    keys.block(ADMIN, KEY);
    fixture.sink.fail();
    refused(Kind.UNAVAILABLE, () -> keys.destroy(ADMIN, KEY));
    assertThat(fixture.device.keyCount()).isEqualTo(2);
    assertThat(keys.find(ADMIN, KEY).key().state()).isEqualTo(KeyState.ACTIVE);
  }

  @Test
  void destroy_unblockedJustBeforeTheCommit_isRefused() {
    keys.block(ADMIN, KEY);
    fixture.atInstant(1, () -> keys.unblock(ADMIN, KEY));
    refused(Kind.WRONG_STATE, () -> keys.destroy(ADMIN, KEY));
    assertThat(fixture.device.keyCount()).isEqualTo(2);
  }

  @Test
  void schedule_key_isOutOfUseAtOnceAndDestroyedWhenDue() {
    KeyRecord scheduled = keys.scheduleDeletion(ADMIN, KEY, WAIT);
    assertThat(scheduled.destroyAfter()).contains(fixture.clock.instant().plus(WAIT));
    assertThat(code(scheduled)).isEqualTo(EkmErrorCode.KEY_NOT_ACTIVE);

    fixture.clock.advance(WAIT.minusSeconds(1));
    assertThat(fixture.restarted().keys().destroyDue()).isZero();
    assertThat(fixture.device.keyCount()).isEqualTo(2);
    fixture.clock.advance(Duration.ofSeconds(1));
    assertThat(fixture.restarted().keys().destroyDue()).isEqualTo(1);
    assertThat(fixture.device.keyCount()).isZero();
  }

  @Test
  void schedule_badWait_isRefused() {
    for (Duration wait :
        new Duration[] {Duration.ofMinutes(59), Duration.ofDays(366), Duration.ofDays(-1)}) {
      AdminException refusal = refused(Kind.INVALID, () -> keys.scheduleDeletion(ADMIN, KEY, wait));
      assertThat(refusal.problems().get(0).field()).isEqualTo("wait");
    }
  }

  @Test
  void schedule_twice_isRefusedSoTheTimeDoesNotMove() {
    keys.scheduleDeletion(ADMIN, KEY, WAIT);
    refused(Kind.WRONG_STATE, () -> keys.scheduleDeletion(ADMIN, KEY, Duration.ofHours(1)));
    assertThat(keys.find(ADMIN, KEY).key().destroyAfter())
        .contains(fixture.clock.instant().plus(WAIT));
  }

  @Test
  void cancelDeletion_inTime_keyIsDisabledAndNeverDestroyed() {
    keys.scheduleDeletion(ADMIN, KEY, WAIT);
    KeyRecord cancelled = keys.cancelDeletion(ADMIN, KEY);
    assertThat(cancelled.state()).isEqualTo(KeyState.DISABLED);
    assertThat(cancelled.destroyAfter()).isEmpty();
    fixture.clock.advance(WAIT.plusDays(1));
    assertThat(fixture.restarted().keys().destroyDue()).isZero();
    assertThat(fixture.device.keyCount()).isEqualTo(2);
  }

  @Test
  void destroyDue_clockJumpsAhead_destroysNothingAndWarns() {
    keys.scheduleDeletion(ADMIN, KEY, WAIT);
    fixture.clock.jumpWallClock(Duration.ofDays(3650));
    assertThat(keys.destroyDue()).isZero();
    assertThat(fixture.device.keyCount()).isEqualTo(2);
    assertThat(fixture.listener.warningCodes()).contains("clock-jumped");
  }

  @Test
  void destroyDue_afterRestart_destroysWhatIsDue() {
    keys.scheduleDeletion(ADMIN, KEY, WAIT);
    fixture.clock.advance(WAIT);
    assertThat(fixture.restarted().keys().destroyDue()).isEqualTo(1);
    assertThat(fixture.device.keyCount()).isZero();
    AuditEvent event = fixture.sink.events("key.destroy").get(0);
    assertThat(event.actor()).isEqualTo("server");
    assertThat(event.succeeded()).isTrue();
  }

  @Test
  void destroyDue_cancelledJustBeforeTheCommit_keepsTheKey() {
    keys.scheduleDeletion(ADMIN, KEY, WAIT);
    fixture.clock.advance(WAIT);
    AdminServices restarted = fixture.restarted();
    // The first reading finds out what is due, the second stamps the event before the commit.
    fixture.atInstant(2, () -> keys.cancelDeletion(ADMIN, KEY));
    assertThat(restarted.keys().destroyDue()).isZero();
    assertThat(fixture.device.keyCount()).isEqualTo(2);
    assertThat(restarted.keys().find(ADMIN, KEY).key().state()).isEqualTo(KeyState.DISABLED);
  }

  @Test
  void destroyDue_oneKeyFails_othersAreStillDestroyed() {
    KeyRecord other = fixture.newKey("other").key();
    keys.scheduleDeletion(ADMIN, KEY, WAIT);
    keys.scheduleDeletion(ADMIN, other.id().toString(), WAIT);
    fixture.clock.advance(WAIT);
    fixture.backend.failNext(Call.DESTROY_KEY, 1, BackendFault.unavailable(true));
    assertThat(fixture.restarted().keys().destroyDue()).isEqualTo(1);
    assertThat(fixture.listener.warningCodes()).contains("key-destruction-failed");
    assertThat(fixture.device.keyCount()).isEqualTo(1);
  }

  @Test
  void destroy_backendThatCannotDestroy_isRefusedAndSaysWhatToDo() {
    fixture.vaults().create(ADMIN, AdminFixture.newVault("bare", "bare"));
    BackendKeyRef ref = new BackendKeyRef("fixed");
    fixture.bareDevice.putKey(ref, SecretBytes.adopt(new byte[32]));
    keys.adopt(ADMIN, new NewKeyCommand("bare", "adopted", 32, Optional.empty()), ref);
    keys.block(ADMIN, "bare/adopted");
    AdminException refusal = refused(Kind.WRONG_STATE, () -> keys.destroy(ADMIN, "bare/adopted"));
    assertThat(refusal).hasMessageContaining("device's own tools");
    refused(Kind.WRONG_STATE, () -> keys.scheduleDeletion(ADMIN, "bare/adopted", WAIT));
  }

  @Test
  void destroyedKey_allChangesAreRefusedAndItsNameIsFree() {
    keys.block(ADMIN, KEY);
    keys.destroy(ADMIN, KEY);
    refused(Kind.WRONG_STATE, () -> keys.enable(ADMIN, id));
    refused(Kind.WRONG_STATE, () -> keys.rotate(ADMIN, id));
    refused(Kind.WRONG_STATE, () -> keys.setPolicy(ADMIN, id, "{\"rules\": []}"));
    refused(Kind.WRONG_STATE, () -> keys.scheduleDeletion(ADMIN, id, WAIT));
    refused(Kind.NOT_FOUND, () -> keys.find(ADMIN, KEY));

    KeyRecord fresh = fixture.newKey("payroll").key();
    assertThat(keys.list(ADMIN, "vault"))
        .extracting(key -> key.id().toString())
        .containsExactly(fresh.id().toString(), id);
  }

  @Test
  void deleteVault_onlyWithoutLiveKeys_takesTheDestroyedRecordsAlong() {
    refused(Kind.CONFLICT, () -> fixture.vaults().delete(ADMIN, "vault"));
    keys.block(ADMIN, KEY);
    keys.destroy(ADMIN, KEY);
    fixture.vaults().delete(ADMIN, "vault");
    assertThat(fixture.snapshot().vaults()).isEmpty();
    assertThat(fixture.store.load().keys()).isEmpty();
    assertThat(fixture.store.load().versions()).isEmpty();
  }

  private EkmErrorCode code(KeyRecord key) {
    try {
      ServingRules.key(
          ServingRules.vault(fixture.snapshot(), key.vault(), fixture.clock.instant()), key.id());
      throw new AssertionError("the key still serves");
    } catch (EkmException e) {
      return e.code();
    }
  }
}
