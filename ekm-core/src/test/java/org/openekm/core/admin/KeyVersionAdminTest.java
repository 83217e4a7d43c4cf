// SPDX-License-Identifier: Apache-2.0
package org.openekm.core.admin;

import static org.assertj.core.api.Assertions.assertThat;
import static org.openekm.core.admin.AdminFixture.ADMIN;
import static org.openekm.core.admin.AdminFixture.refused;

import java.time.Duration;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.openekm.api.KeyState;
import org.openekm.core.admin.AdminException.Kind;
import org.openekm.core.catalog.AnswerGate.Ticket;
import org.openekm.spi.audit.AuditEvent;
import org.openekm.spi.store.KeyVersionRecord;

/** One version of a key, taken out of use and put back. */
@Timeout(60)
final class KeyVersionAdminTest {

  private static final String KEY = "vault/payroll";

  private final AdminFixture fixture = new AdminFixture().withVault();
  private final KeyAdmin keys = fixture.keys();

  @BeforeEach
  void makeKeyWithTwoVersions() {
    fixture.newKey("payroll");
    keys.rotate(ADMIN, KEY);
  }

  @AfterEach
  void close() {
    fixture.close();
  }

  @Test
  void findVersion_byNumberOrId_isTheSame() {
    KeyVersionDetails second = keys.findVersion(ADMIN, KEY, "2");
    assertThat(second.version().number()).isEqualTo(2);
    assertThat(second.current()).isTrue();
    assertThat(keys.findVersion(ADMIN, KEY, second.version().id().toString())).isEqualTo(second);
    assertThat(keys.findVersion(ADMIN, KEY, "1").current()).isFalse();
  }

  @ParameterizedTest
  @ValueSource(strings = {"0", "3", "02", "+1", "", "-1", "latest"})
  void version_unknown_isNotFound(String version) {
    refused(Kind.NOT_FOUND, () -> keys.findVersion(ADMIN, KEY, version));
    refused(Kind.NOT_FOUND, () -> keys.disableVersion(ADMIN, KEY, version));
    refused(Kind.NOT_FOUND, () -> keys.enableVersion(ADMIN, KEY, UUID.randomUUID().toString()));
  }

  @Test
  void version_ofAnotherKey_isNotFound() {
    String foreign = fixture.newKey("other").versions().get(0).id().toString();
    refused(Kind.NOT_FOUND, () -> keys.disableVersion(ADMIN, KEY, foreign));
    assertThat(keys.findVersion(ADMIN, "vault/other", "1").version().state())
        .isEqualTo(KeyState.ACTIVE);
  }

  @Test
  void disableVersion_older_leavesTheKeyAndTheOtherVersionAlone() {
    KeyVersionDetails disabled = keys.disableVersion(ADMIN, KEY, "1");
    assertThat(disabled.version().state()).isEqualTo(KeyState.DISABLED);
    assertThat(disabled.warnings()).isEmpty();
    assertThat(keys.find(ADMIN, KEY).key().state()).isEqualTo(KeyState.ACTIVE);
    assertThat(keys.findVersion(ADMIN, KEY, "2").version().state()).isEqualTo(KeyState.ACTIVE);

    AuditEvent event = fixture.sink.events("key.disable-version").get(0);
    assertThat(event.version()).contains(disabled.version().id());
    assertThat(event.key()).isPresent();
    assertThat(event.vault()).isPresent();
  }

  @Test
  void disableVersion_current_saysThatNothingEncryptsUntilRotation() {
    KeyVersionDetails disabled = keys.disableVersion(ADMIN, KEY, "2");
    assertThat(disabled.warnings()).singleElement().asString().contains("encrypts nothing");

    assertThat(keys.rotate(ADMIN, KEY).key().currentVersion())
        .isEqualTo(keys.findVersion(ADMIN, KEY, "3").version().id());
    assertThat(keys.findVersion(ADMIN, KEY, "2").version().state()).isEqualTo(KeyState.DISABLED);
    assertThat(keys.findVersion(ADMIN, KEY, "2").warnings()).isEmpty();
  }

  @Test
  void disableAndEnable_repeated_areSuccesses() {
    keys.disableVersion(ADMIN, KEY, "1");
    assertThat(keys.disableVersion(ADMIN, KEY, "1").version().state()).isEqualTo(KeyState.DISABLED);
    assertThat(keys.enableVersion(ADMIN, KEY, "1").version().state()).isEqualTo(KeyState.ACTIVE);
    assertThat(keys.enableVersion(ADMIN, KEY, "1").version().state()).isEqualTo(KeyState.ACTIVE);
  }

  @Test
  void version_ofADestroyedKey_cannotBeRevived() {
    String id = keys.find(ADMIN, KEY).key().id().toString();
    keys.block(ADMIN, KEY);
    keys.destroy(ADMIN, KEY);
    refused(Kind.WRONG_STATE, () -> keys.enableVersion(ADMIN, id, "1"));
    refused(Kind.WRONG_STATE, () -> keys.disableVersion(ADMIN, id, "1"));
    assertThat(keys.versions(ADMIN, id))
        .extracting(KeyVersionRecord::state)
        .containsOnly(KeyState.DESTROYED);
  }

  @Test
  void disableVersion_answerUnderWay_waitsForIt() throws Exception {
    Ticket ticket = fixture.gate.enter();
    CompletableFuture<KeyVersionDetails> change =
        CompletableFuture.supplyAsync(() -> keys.disableVersion(ADMIN, KEY, "1"), fixture.executor);
    Awaitility.await().during(Duration.ofMillis(100)).until(() -> !change.isDone());
    ticket.close();
    assertThat(change.get(20, TimeUnit.SECONDS).version().state()).isEqualTo(KeyState.DISABLED);
  }

  @Test
  void disableVersion_auditDown_isInForceAllTheSame() {
    fixture.sink.fail();
    refused(Kind.UNAVAILABLE, () -> keys.disableVersion(ADMIN, KEY, "1"));
    assertThat(keys.findVersion(ADMIN, KEY, "1").version().state()).isEqualTo(KeyState.DISABLED);
    refused(Kind.UNAVAILABLE, () -> keys.enableVersion(ADMIN, KEY, "1"));
    assertThat(keys.findVersion(ADMIN, KEY, "1").version().state()).isEqualTo(KeyState.DISABLED);
  }
}
