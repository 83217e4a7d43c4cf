// SPDX-License-Identifier: Apache-2.0
package org.openekm.core.admin;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;
import static org.openekm.core.admin.AdminFixture.ADMIN;
import static org.openekm.core.admin.AdminFixture.refused;

import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.openekm.core.admin.AdminException.Kind;
import org.openekm.spi.audit.AuditEvent;
import org.openekm.spi.backend.BackendFeature;
import org.openekm.testkit.fake.BackendFault;
import org.openekm.testkit.fake.FaultyKeyBackend.Call;
import org.openekm.testkit.fake.FaultyMetadataStore;
import org.openekm.testkit.fake.StoreFault;

/** Keys that the server rotates by itself. */
@Timeout(60)
final class KeyRotationTest {

  private static final String KEY = "vault/payroll";
  private static final Duration PERIOD = Duration.ofDays(90);

  private final AdminFixture fixture = new AdminFixture(Duration.ofSeconds(30), false).withVault();
  private final KeyAdmin keys = fixture.onManualTime().keys();

  @BeforeEach
  void makeKey() {
    fixture.newKey("payroll");
    keys.setRotation(ADMIN, KEY, PERIOD);
  }

  @AfterEach
  void close() {
    fixture.close();
  }

  @Test
  void rotateDue_onTime_makesAVersionOnceAndIsAuditedAsTheServer() {
    fixture.clock.advance(PERIOD.minusSeconds(1));
    assertThat(keys.rotateDue()).isZero();
    fixture.clock.advance(Duration.ofSeconds(1));
    assertThat(keys.rotateDue()).isEqualTo(1);
    assertThat(keys.rotateDue()).isZero();

    assertThat(keys.versions(ADMIN, KEY)).hasSize(2);
    assertThat(keys.findVersion(ADMIN, KEY, "2").current()).isTrue();
    AuditEvent event = fixture.sink.events("key.rotate").get(0);
    assertThat(event.actor()).isEqualTo("server");
    assertThat(event.succeeded()).isTrue();

    fixture.clock.advance(PERIOD);
    assertThat(keys.rotateDue()).isEqualTo(1);
    assertThat(keys.versions(ADMIN, KEY)).hasSize(3);
  }

  @Test
  void rotation_byHand_putsTheNextOneOff() {
    fixture.clock.advance(PERIOD.minusDays(1));
    keys.rotate(ADMIN, KEY);
    fixture.clock.advance(Duration.ofDays(2));
    assertThat(keys.rotateDue()).isZero();
    assertThat(keys.find(ADMIN, KEY).nextRotation())
        .contains(keys.findVersion(ADMIN, KEY, "2").version().createdAt().plus(PERIOD));
  }

  @Test
  void setRotation_onAnOlderKey_isDueAtOnce_andClearRotationEndsIt() {
    fixture.newKey("old");
    fixture.clock.advance(Duration.ofDays(10));
    keys.setRotation(ADMIN, "vault/old", Duration.ofDays(7));
    keys.clearRotation(ADMIN, "vault/old");
    assertThat(keys.rotateDue()).isZero();
    assertThat(keys.find(ADMIN, "vault/old").nextRotation()).isEmpty();
    keys.setRotation(ADMIN, "vault/old", Duration.ofDays(7));
    assertThat(keys.rotateDue()).isEqualTo(1);
  }

  @Test
  void setRotation_outOfRange_isRefused() {
    for (Duration bad :
        new Duration[] {Duration.ofMinutes(59), Duration.ofDays(3651), Duration.ofDays(-1)}) {
      AdminException refusal = refused(Kind.INVALID, () -> keys.setRotation(ADMIN, KEY, bad));
      assertThat(refusal.problems().get(0).field()).isEqualTo("rotationPeriod");
      NewKeyCommand command =
          new NewKeyCommand(
              "vault",
              "k",
              32,
              Optional.empty(),
              true,
              new NewKeyCommand.Options(Map.of(), Optional.of(bad)));
      refused(Kind.INVALID, () -> keys.create(ADMIN, command));
    }
  }

  @Test
  void setRotation_backendThatMakesNoKeys_isRefused() {
    assertThat(fixture.bareDevice.capabilities().has(BackendFeature.GENERATE_KEY)).isFalse();
    fixture.vaults().setBackend(ADMIN, "vault", "bare");
    assertThat(
            refused(Kind.INVALID, () -> keys.setRotation(ADMIN, KEY, PERIOD))
                .problems()
                .get(0)
                .problem())
        .contains("can't make keys");
  }

  @Test
  void rotateDue_blockedOrOutOfUse_isLeftAlone() {
    fixture.clock.advance(PERIOD);
    keys.block(ADMIN, KEY);
    assertThat(keys.rotateDue()).isZero();
    keys.unblock(ADMIN, KEY);
    fixture.vaults().block(ADMIN, "vault");
    assertThat(keys.rotateDue()).isZero();
    fixture.vaults().unblock(ADMIN, "vault");
    keys.disable(ADMIN, KEY);
    assertThat(keys.rotateDue()).isZero();
    keys.enable(ADMIN, KEY);
    assertThat(keys.rotateDue()).isEqualTo(1);
  }

  @Test
  void rotateDue_currentVersionDisabled_doesNotMakeTheKeyEncryptAgain() {
    fixture.clock.advance(PERIOD);
    keys.disableVersion(ADMIN, KEY, "1");
    assertThat(keys.rotateDue()).isZero();
    assertThat(keys.versions(ADMIN, KEY)).hasSize(1);
  }

  @Test
  void rotateDue_backendDown_warnsAndWaitsLongerEachTime_thenSucceeds() {
    fixture.clock.advance(PERIOD);
    fixture.backend.fail(Call.GENERATE_KEY, BackendFault.unavailable(true));
    assertThat(keys.rotateDue()).isZero();
    assertThat(fixture.listener.warningCodes()).containsExactly("key-rotation-failed");
    long calls = fixture.backend.calls(Call.GENERATE_KEY);
    fixture.clock.advance(Duration.ofSeconds(59));
    assertThat(keys.rotateDue()).isZero();
    assertThat(fixture.backend.calls(Call.GENERATE_KEY)).isEqualTo(calls);

    fixture.clock.advance(Duration.ofSeconds(1));
    assertThat(keys.rotateDue()).isZero();
    assertThat(fixture.backend.calls(Call.GENERATE_KEY)).isGreaterThan(calls);
    fixture.backend.heal();
    fixture.clock.advance(Duration.ofSeconds(61));
    assertThat(keys.rotateDue()).as("the second pause is longer").isZero();
    fixture.clock.advance(Duration.ofSeconds(60));
    assertThat(keys.rotateDue()).isEqualTo(1);
  }

  @Test
  void rotateDue_oneKeyFails_othersAreStillRotated() {
    fixture.newKey("other");
    keys.setRotation(ADMIN, "vault/other", PERIOD);
    fixture.clock.advance(PERIOD);
    fixture.backend.failNext(Call.GENERATE_KEY, 2, BackendFault.unavailable(true));
    assertThat(keys.rotateDue()).isEqualTo(1);
    assertThat(fixture.listener.warningCodes()).containsExactly("key-rotation-failed");
  }

  @Test
  void rotateDue_storeDown_leavesNothingHalfDone() {
    fixture.clock.advance(PERIOD);
    fixture.store.failNext(FaultyMetadataStore.Call.REVISION, 1, StoreFault.unavailable());
    assertThat(catchThrowable(keys::rotateDue)).isNotNull();
    assertThat(keys.versions(ADMIN, KEY)).hasSize(1);
    assertThat(keys.rotateDue()).isEqualTo(1);
  }

  @Test
  void rotateDue_twoNodesAtOnce_oneRotatesAndTheOtherDestroysWhatItMade() {
    KeyAdmin other = fixture.otherNode().keys();
    fixture.clock.advance(PERIOD);
    int[] byOther = {0};
    // The first reading finds out what is due, the second stamps the announcement, the third the
    // version whose material has just been made.
    fixture.atInstant(
        3,
        () -> {
          byOther[0] = fixture.otherNode().keys().rotateDue();
        });

    assertThat(keys.rotateDue()).isZero();

    assertThat(byOther[0]).isEqualTo(1);
    assertThat(keys.versions(ADMIN, KEY)).hasSize(2);
    assertThat(fixture.device.keyCount()).isEqualTo(2);
    assertThat(fixture.listener.warningCodes()).isEmpty();
    assertThat(keys.rotateDue()).isZero();
    assertThat(other.rotateDue()).isZero();
  }

  @Test
  void rotateDue_clockJumpsAhead_rotatesNothingAndWarns() {
    fixture.clock.jumpWallClock(Duration.ofDays(3650));
    assertThat(keys.rotateDue()).isZero();
    assertThat(fixture.listener.warningCodes()).contains("clock-jumped");
    assertThat(keys.versions(ADMIN, KEY)).hasSize(1);
  }
}
