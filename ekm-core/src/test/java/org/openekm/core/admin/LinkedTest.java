// SPDX-License-Identifier: Apache-2.0
package org.openekm.core.admin;

import static org.assertj.core.api.Assertions.assertThat;
import static org.openekm.core.admin.AdminFixture.ADMIN;
import static org.openekm.core.admin.AdminFixture.refused;

import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.openekm.api.KeyState;
import org.openekm.core.admin.AdminException.Kind;
import org.openekm.spi.store.KeyRecord;

/** What OCI uses is not destroyed by mistake. */
@Timeout(60)
final class LinkedTest {

  private static final String KEY = "vault/payroll";
  private static final Duration WAIT = Duration.ofDays(7);

  private final AdminFixture fixture = new AdminFixture().withVault();
  private final KeyAdmin keys = fixture.keys();
  private KeyRecord key;

  @BeforeEach
  void makeLinkedKey() {
    key = fixture.newKey("payroll").key();
    Instant now = fixture.clock.instant();
    var vault = fixture.snapshot().vault(key.vault()).orElseThrow();
    fixture.firstUses.ofVault(vault, now);
    fixture.firstUses.ofKey(vault.key(key.id()).orElseThrow(), now);
    assertThat(keys.linkUsed()).isEqualTo(2);
  }

  @AfterEach
  void close() {
    fixture.close();
  }

  @Test
  void destroy_linkedKey_isRefusedUnlessForced() {
    keys.block(ADMIN, KEY);
    AdminException refusal = refused(Kind.CONFLICT, () -> keys.destroy(ADMIN, KEY));
    assertThat(refusal).hasMessageContaining("linked").hasMessageContaining("--force");
    assertThat(fixture.device.keyCount()).isEqualTo(1);

    assertThat(keys.destroy(ADMIN, KEY, true).state()).isEqualTo(KeyState.DESTROYED);
    assertThat(fixture.device.keyCount()).isZero();
    assertThat(fixture.sink.events("key.destroy"))
        .extracting(event -> event.details().get("force"))
        .containsExactly(null, "true");
  }

  @Test
  void destroy_forced_stillNeedsTheBlock() {
    refused(Kind.WRONG_STATE, () -> keys.destroy(ADMIN, KEY, true));
    assertThat(fixture.device.keyCount()).isEqualTo(1);
  }

  @Test
  void scheduleDeletion_linkedKey_isRefusedUnlessForced_andThenNeedsNoSecondForce() {
    AdminException refusal = refused(Kind.CONFLICT, () -> keys.scheduleDeletion(ADMIN, KEY, WAIT));
    assertThat(refusal).hasMessageContaining("--force");
    assertThat(keys.find(ADMIN, KEY).key().state()).isEqualTo(KeyState.ACTIVE);

    keys.scheduleDeletion(ADMIN, KEY, WAIT, true);
    fixture.clock.advance(WAIT);
    assertThat(fixture.restarted().keys().destroyDue()).isEqualTo(1);
    assertThat(fixture.device.keyCount()).isZero();
  }

  @Test
  void deleteVault_linked_isRefusedUnlessForced_andForceDoesNotTakeKeysAlong() {
    refused(Kind.CONFLICT, () -> fixture.vaults().delete(ADMIN, "vault", true));
    keys.block(ADMIN, KEY);
    keys.destroy(ADMIN, KEY, true);
    AdminException refusal = refused(Kind.CONFLICT, () -> fixture.vaults().delete(ADMIN, "vault"));
    assertThat(refusal).hasMessageContaining("linked").hasMessageContaining("--force");
    fixture.vaults().delete(ADMIN, "vault", true);
    assertThat(fixture.snapshot().vaults()).isEmpty();
  }

  @Test
  void linked_staysThroughOtherChanges() {
    Instant linked = keys.find(ADMIN, KEY).key().attributes().linkedAt().orElseThrow();
    keys.rotate(ADMIN, KEY);
    keys.block(ADMIN, KEY);
    keys.disable(ADMIN, KEY);
    keys.setLabels(ADMIN, KEY, java.util.Map.of("a", "b"));
    assertThat(keys.find(ADMIN, KEY).key().attributes().linkedAt()).contains(linked);
  }

  @Test
  void linkUsed_auditDown_warnsAndIsNotTriedEverySecond_thenWrites() {
    AdminServices steady = fixture.onManualTime();
    KeyRecord other = fixture.newKey("other").key();
    var vault = fixture.snapshot().vault(other.vault()).orElseThrow();
    fixture.firstUses.ofKey(vault.key(other.id()).orElseThrow(), fixture.clock.instant());
    fixture.sink.fail();
    assertThat(steady.keys().linkUsed()).isZero();
    assertThat(steady.keys().linkUsed()).isZero();
    assertThat(fixture.listener.warningCodes().stream().filter("link-not-written"::equals))
        .hasSize(1);

    fixture.sink.recover();
    fixture.clock.advance(Duration.ofMinutes(1));
    assertThat(steady.keys().linkUsed()).isEqualTo(1);
    assertThat(steady.keys().find(ADMIN, "vault/other").key().attributes().linkedAt()).isPresent();
  }
}
