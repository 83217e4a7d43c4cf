// SPDX-License-Identifier: Apache-2.0
package org.openekm.core.admin;

import static org.assertj.core.api.Assertions.assertThat;
import static org.openekm.core.admin.AdminFixture.ADMIN;
import static org.openekm.core.admin.AdminFixture.refused;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.openekm.api.EkmErrorCode;
import org.openekm.api.EkmException;
import org.openekm.core.admin.AdminException.Kind;
import org.openekm.core.catalog.AnswerGate.Ticket;
import org.openekm.core.catalog.ServingRules;
import org.openekm.spi.audit.AuditEvent;
import org.openekm.spi.store.KeyRecord;
import org.openekm.testkit.fake.BackendFault;
import org.openekm.testkit.fake.FaultyMetadataStore;
import org.openekm.testkit.fake.StoreFault;

@Timeout(120)
final class KillSwitchTest {

  private final AdminFixture fixture = new AdminFixture().withVault();
  private final KeyAdmin keys = fixture.keys();
  private final KeyRecord key = fixture.newKey("payroll").key();

  @AfterEach
  void close() {
    fixture.close();
  }

  @Test
  void block_key_refusesAndUnblockServesAgain() {
    assertThat(keys.block(ADMIN, "vault/payroll").blocked()).isTrue();
    assertThat(answer()).isEqualTo(EkmErrorCode.KEY_BLOCKED);
    assertThat(keys.unblock(ADMIN, "vault/payroll").blocked()).isFalse();
    assertThat(answer()).isNull();
  }

  @Test
  void block_vault_refusesAllItsKeysWhateverTheKeysOwnBlock() {
    fixture.vaults().block(ADMIN, "vault");
    assertThat(answer()).isEqualTo(EkmErrorCode.VAULT_BLOCKED);
    keys.block(ADMIN, "vault/payroll");
    fixture.vaults().unblock(ADMIN, "vault");
    assertThat(answer()).isEqualTo(EkmErrorCode.KEY_BLOCKED);
    keys.unblock(ADMIN, "vault/payroll");
    assertThat(answer()).isNull();
  }

  @Test
  void block_twice_isASuccessAndMovesNoRevision() {
    keys.block(ADMIN, "vault/payroll");
    fixture.vaults().block(ADMIN, "vault");
    long revision = fixture.snapshot().revision();
    keys.block(ADMIN, "vault/payroll");
    fixture.vaults().block(ADMIN, "vault");
    assertThat(fixture.snapshot().revision()).isEqualTo(revision);
    assertThat(fixture.sink.events("key.block")).hasSize(2).allMatch(AuditEvent::succeeded);
  }

  @Test
  void block_backendDown_works() {
    fixture.backend.failEverything(BackendFault.unavailable(false));
    assertThat(keys.block(ADMIN, "vault/payroll").blocked()).isTrue();
    assertThat(answer()).isEqualTo(EkmErrorCode.KEY_BLOCKED);
  }

  @Test
  void block_auditDown_isInForceAndSaysThatItIsNotRecorded() {
    fixture.sink.fail();
    AdminException failure = refused(Kind.UNAVAILABLE, () -> keys.block(ADMIN, "vault/payroll"));
    assertThat(failure).hasMessageContaining("in force");
    assertThat(answer()).isEqualTo(EkmErrorCode.KEY_BLOCKED);
  }

  @Test
  void unblock_auditDown_isRefusedAndChangesNothing() {
    keys.block(ADMIN, "vault/payroll");
    fixture.sink.fail();
    AdminException failure = refused(Kind.UNAVAILABLE, () -> keys.unblock(ADMIN, "vault/payroll"));
    assertThat(failure).hasMessageContaining("nothing was changed");
    assertThat(answer()).isEqualTo(EkmErrorCode.KEY_BLOCKED);
  }

  @Test
  void block_storeAnswerLost_isNotAcknowledgedAndNotUndone() {
    fixture.store.failNext(FaultyMetadataStore.Call.COMMIT, 1, StoreFault.answerLost());
    refused(Kind.UNAVAILABLE, () -> keys.block(ADMIN, "vault/payroll"));
    assertThat(answer()).isEqualTo(EkmErrorCode.KEY_BLOCKED);
    assertThat(keys.block(ADMIN, "vault/payroll").blocked()).isTrue();
  }

  @Test
  void block_requestIsAboutToAnswer_waitsForItBeforeItAcknowledges() throws Exception {
    Ticket ticket = fixture.gate.enter();
    CompletableFuture<KeyRecord> block =
        CompletableFuture.supplyAsync(() -> keys.block(ADMIN, "vault/payroll"), fixture.executor);
    Awaitility.await().until(() -> answer() == EkmErrorCode.KEY_BLOCKED);
    Awaitility.await().during(Duration.ofMillis(100)).until(() -> !block.isDone());
    assertThat(fixture.sink.events("key.block")).isEmpty();
    ticket.close();
    assertThat(block.get(20, TimeUnit.SECONDS).blocked()).isTrue();
  }

  @Test
  void block_requestNeverEnds_isInForceButNotAcknowledged() {
    try (AdminFixture impatient = new AdminFixture(Duration.ofMillis(50)).withVault()) {
      KeyRecord own = impatient.newKey("payroll").key();
      Ticket ticket = impatient.gate.enter();
      AdminException failure =
          refused(Kind.UNAVAILABLE, () -> impatient.keys().block(ADMIN, "vault/payroll"));
      assertThat(failure).hasMessageContaining("repeat");
      assertThat(impatient.snapshot().findKey(own.id()).orElseThrow().record().blocked()).isTrue();
      ticket.close();
      assertThat(impatient.keys().block(ADMIN, "vault/payroll").blocked()).isTrue();
    }
  }

  @Test
  void block_inEveryState_isPossibleAndIndependentOfTheState() {
    keys.block(ADMIN, "vault/payroll");
    assertThat(keys.disable(ADMIN, "vault/payroll").blocked()).isTrue();
    assertThat(keys.enable(ADMIN, "vault/payroll").blocked()).isTrue();
    assertThat(keys.scheduleDeletion(ADMIN, "vault/payroll", Duration.ofDays(7)).blocked())
        .isTrue();
    assertThat(keys.cancelDeletion(ADMIN, "vault/payroll").blocked()).isTrue();
    keys.destroy(ADMIN, "vault/payroll");
    assertThat(keys.block(ADMIN, key.id().toString()).blocked()).isTrue();
    refused(Kind.WRONG_STATE, () -> keys.unblock(ADMIN, key.id().toString()));
  }

  @Test
  void setPolicy_denying_waitsLikeABlock() throws Exception {
    Ticket ticket = fixture.gate.enter();
    CompletableFuture<KeyRecord> change =
        CompletableFuture.supplyAsync(
            () -> keys.setPolicy(ADMIN, "vault/payroll", "{\"rules\": []}"), fixture.executor);
    Awaitility.await().during(Duration.ofMillis(100)).until(() -> !change.isDone());
    ticket.close();
    assertThat(change.get(20, TimeUnit.SECONDS).policy()).isPresent();
  }

  /**
   * Lessons: block/unblock storm. Requests that answer after an acknowledged block, and before the
   * next unblock, must refuse.
   */
  @Test
  void blockUnblockStorm_noRequestSucceedsBetweenAcknowledgedBlockAndNextUnblock()
      throws Exception {
    AtomicBoolean mustRefuse = new AtomicBoolean();
    AtomicBoolean stop = new AtomicBoolean();
    AtomicLong successes = new AtomicLong();
    AtomicLong late = new AtomicLong();
    List<Future<?>> requests = new ArrayList<>();
    for (int i = 0; i < 6; i++) {
      requests.add(
          fixture.executor.submit(
              () -> {
                while (!stop.get()) {
                  request(mustRefuse, successes, late);
                }
              }));
    }
    for (int round = 0; round < 200; round++) {
      keys.block(ADMIN, "vault/payroll");
      mustRefuse.set(true);
      Thread.onSpinWait();
      mustRefuse.set(false);
      keys.unblock(ADMIN, "vault/payroll");
    }
    stop.set(true);
    for (Future<?> request : requests) {
      request.get(20, TimeUnit.SECONDS);
    }
    assertThat(successes.get()).isPositive();
    assertThat(late.get()).isZero();
  }

  private void request(AtomicBoolean mustRefuse, AtomicLong successes, AtomicLong late) {
    try (Ticket ticket = fixture.gate.enter()) {
      boolean serves = ticket != null && answer() == null;
      for (int spin = 0; spin < 50; spin++) {
        Thread.onSpinWait();
      }
      if (serves) {
        successes.incrementAndGet();
        if (mustRefuse.get()) {
          late.incrementAndGet();
        }
      }
    }
  }

  /** Returns why the key does not serve; null if it does. */
  private EkmErrorCode answer() {
    try {
      ServingRules.key(
          ServingRules.vault(fixture.snapshot(), key.vault(), fixture.clock.instant()), key.id());
      return null;
    } catch (EkmException e) {
      return e.code();
    }
  }
}
