// SPDX-License-Identifier: Apache-2.0
package org.openekm.core.admin;

import static org.assertj.core.api.Assertions.assertThat;
import static org.openekm.core.admin.AdminFixture.ADMIN;
import static org.openekm.core.admin.AdminFixture.refused;

import java.security.KeyPairGenerator;
import java.security.NoSuchAlgorithmException;
import java.security.PublicKey;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.openekm.api.EkmErrorCode;
import org.openekm.api.EkmException;
import org.openekm.core.admin.AdminException.Kind;
import org.openekm.core.catalog.ServingRules;
import org.openekm.spi.audit.AuditEvent;
import org.openekm.spi.store.VaultRecord;
import org.openekm.testkit.fake.FaultyMetadataStore;
import org.openekm.testkit.fake.StoreFault;

/** Vaults that serve only as long as somebody gives signs of life. */
@Timeout(60)
final class DeadManSwitchTest {

  private static final String VAULT = "vault";
  private static final Duration PERIOD = Duration.ofHours(36);
  private static final Duration MOMENT = Duration.ofMillis(1);

  private final AdminFixture fixture =
      new AdminFixture(
              Duration.ofSeconds(30),
              ApprovalPolicy.of("ekm-prod", 1, List.of(approver()), Set.of(ApprovedAction.DESTROY)))
          .withVault();
  private final AdminServices admin = fixture.onManualTime();
  private final DeadManAdmin deadMan = admin.deadMan();

  @BeforeEach
  void set() {
    VaultRecord vault = deadMan.set(ADMIN, VAULT, PERIOD);
    assertThat(vault.attributes().deadMan().orElseThrow().blocksAt())
        .isEqualTo(fixture.clock.instant().plus(PERIOD));
  }

  @AfterEach
  void close() {
    fixture.close();
  }

  @Test
  void heartbeats_inTime_keepTheVaultServing() {
    for (int i = 0; i < 5; i++) {
      fixture.clock.advance(PERIOD.minus(MOMENT));
      assertThat(deadMan.blockOverdue()).isZero();
      deadMan.heartbeat(ADMIN, VAULT);
      assertThat(serves()).isTrue();
    }
    assertThat(fixture.sink.events("vault.heartbeat")).hasSize(5);
  }

  @Test
  void noHeartbeat_stopsServiceAtOnce_andIsWrittenDownOnceAndReported() {
    fixture.clock.advance(PERIOD);
    assertThat(serves()).as("before anything is written").isFalse();
    assertThat(vault().blocked()).isFalse();

    assertThat(deadMan.blockOverdue()).isEqualTo(1);
    assertThat(deadMan.blockOverdue()).isZero();

    assertThat(vault().blocked()).isTrue();
    assertThat(fixture.listener.warningCodes()).containsExactly("dead-man-block");
    AuditEvent event = fixture.sink.events("vault.dead-man-block").get(0);
    assertThat(event.actor()).isEqualTo("server");
    assertThat(event.succeeded()).isTrue();
  }

  @Test
  void heartbeat_comesTooLate_isRefusedAndTheVaultStaysDark() {
    fixture.clock.advance(PERIOD);
    refused(Kind.WRONG_STATE, () -> deadMan.heartbeat(ADMIN, VAULT));
    assertThat(serves()).isFalse();
    assertThat(deadMan.blockOverdue()).isEqualTo(1);
    refused(Kind.WRONG_STATE, () -> deadMan.heartbeat(ADMIN, VAULT));
  }

  @Test
  void setOrClear_comesTooLate_doesNotBringTheVaultBack() {
    fixture.clock.advance(PERIOD);
    refused(Kind.WRONG_STATE, () -> deadMan.clear(ADMIN, VAULT));
    refused(Kind.WRONG_STATE, () -> deadMan.set(ADMIN, VAULT, PERIOD));
    assertThat(serves()).isFalse();
  }

  @Test
  void unblock_isASignOfLife_writtenDownBeforeOrNot() {
    fixture.clock.advance(PERIOD);
    admin.vaults().unblock(ADMIN, VAULT);
    assertThat(serves()).isTrue();
    fixture.clock.advance(PERIOD);
    assertThat(deadMan.blockOverdue()).isEqualTo(1);
    admin.vaults().unblock(ADMIN, VAULT);
    assertThat(serves()).isTrue();
    assertThat(deadMan.blockOverdue()).isZero();
  }

  @Test
  void unblock_ofAnOverdueVault_needsApprovalsEvenBeforeTheBlockIsWrittenDown() {
    try (AdminFixture strict =
        new AdminFixture(
                Duration.ofSeconds(30),
                ApprovalPolicy.of(
                    "ekm-prod", 1, List.of(approver()), Set.of(ApprovedAction.UNBLOCK)))
            .withVault()) {
      AdminServices services = strict.onManualTime();
      services.deadMan().set(ADMIN, VAULT, PERIOD);
      services.vaults().unblock(ADMIN, VAULT);
      strict.clock.advance(PERIOD);
      refused(Kind.NOT_APPROVED, () -> services.vaults().unblock(ADMIN, VAULT));
    }
  }

  @Test
  void block_byHand_outlivesHeartbeatsAndTheSwitch() {
    admin.vaults().block(ADMIN, VAULT);
    assertThat(deadMan.heartbeat(ADMIN, VAULT).blocked()).isTrue();
    assertThat(deadMan.clear(ADMIN, VAULT).blocked()).isTrue();
    assertThat(serves()).isFalse();
  }

  @Test
  void clear_inTime_endsIt() {
    deadMan.clear(ADMIN, VAULT);
    fixture.clock.advance(PERIOD.multipliedBy(2));
    assertThat(deadMan.blockOverdue()).isZero();
    assertThat(serves()).isTrue();
    refused(Kind.WRONG_STATE, () -> deadMan.heartbeat(ADMIN, VAULT));
  }

  @Test
  void set_outOfRange_isRefused() {
    for (Duration bad :
        List.of(Duration.ofSeconds(59), Duration.ofDays(367), Duration.ofDays(-1))) {
      AdminException refusal = refused(Kind.INVALID, () -> deadMan.set(ADMIN, VAULT, bad));
      assertThat(refusal.problems().get(0).field()).isEqualTo("period");
    }
  }

  @Test
  void clockSetBack_doesNotPutItOff() {
    fixture.clock.advance(PERIOD);
    fixture.clock.jumpWallClock(Duration.ofDays(-30));
    fixture.clock.advance(Duration.ofMinutes(5));
    assertThat(deadMan.blockOverdue()).isEqualTo(1);
  }

  @Test
  void clockJumpsAhead_blocksNothingForGood() {
    fixture.clock.jumpWallClock(Duration.ofDays(3650));
    assertThat(deadMan.blockOverdue()).isZero();
    assertThat(deadMan.heartbeat(ADMIN, VAULT).attributes().deadMan().orElseThrow().lastHeartbeat())
        .isBefore(fixture.clock.instant().minus(Duration.ofDays(3000)));
    assertThat(fixture.listener.warningCodes()).contains("clock-jumped");
  }

  @Test
  void storeDown_servesNothing_warnsOncePerPauseAndBlocksLater() {
    fixture.clock.advance(PERIOD);
    fixture.store.failNext(FaultyMetadataStore.Call.COMMIT, 1, StoreFault.unavailable());
    assertThat(deadMan.blockOverdue()).isZero();
    assertThat(deadMan.blockOverdue()).isZero();
    assertThat(fixture.listener.warningCodes()).containsExactly("dead-man-late");
    assertThat(serves()).isFalse();
    fixture.clock.advance(Duration.ofMinutes(1));
    assertThat(deadMan.blockOverdue()).isEqualTo(1);
  }

  @Test
  void heartbeatAtTheLastMoment_wins() {
    fixture.clock.advance(PERIOD.minus(MOMENT));
    deadMan.heartbeat(ADMIN, VAULT);
    fixture.clock.advance(MOMENT);
    assertThat(deadMan.blockOverdue()).isZero();
    assertThat(vault().blocked()).isFalse();
  }

  @Test
  void unblockWhileTheServerIsAboutToBlock_wins_andNothingIsReported() {
    fixture.clock.advance(PERIOD);
    // The first reading finds out what is overdue, the second decides.
    fixture.atInstant(2, () -> admin.vaults().unblock(ADMIN, VAULT));
    assertThat(deadMan.blockOverdue()).isZero();
    assertThat(vault().blocked()).isFalse();
    assertThat(fixture.listener.warningCodes()).isEmpty();
  }

  @Test
  void restart_afterThePeriod_servesNothing() {
    fixture.clock.advance(PERIOD);
    assertThat(serves()).isFalse();
    assertThat(fixture.restarted().deadMan().blockOverdue()).isEqualTo(1);
  }

  private boolean serves() {
    try {
      return ServingRules.vault(fixture.snapshot(), vault().id(), fixture.clock.instant()) != null;
    } catch (EkmException e) {
      assertThat(e.code()).isEqualTo(EkmErrorCode.VAULT_BLOCKED);
      return false;
    }
  }

  private VaultRecord vault() {
    return fixture.snapshot().vaults().iterator().next().record();
  }

  private static PublicKey approver() {
    try {
      return KeyPairGenerator.getInstance("Ed25519").generateKeyPair().getPublic();
    } catch (NoSuchAlgorithmException e) {
      throw new AssertionError(e);
    }
  }
}
