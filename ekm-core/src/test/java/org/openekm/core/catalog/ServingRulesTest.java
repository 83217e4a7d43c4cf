// SPDX-License-Identifier: Apache-2.0
package org.openekm.core.catalog;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.openekm.core.catalog.Records.keyId;
import static org.openekm.core.catalog.Records.vaultId;
import static org.openekm.core.catalog.Records.versionId;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.openekm.api.EkmErrorCode;
import org.openekm.api.EkmException;
import org.openekm.api.KeyState;
import org.openekm.core.policy.RulePolicyEngine;
import org.openekm.core.store.InMemoryMetadataStore;
import org.openekm.spi.event.EkmListener;
import org.openekm.spi.policy.Decision;
import org.openekm.spi.policy.Policy;
import org.openekm.spi.store.MetadataChange.PutKey;
import org.openekm.spi.store.MetadataChange.PutKeyVersion;
import org.openekm.spi.store.MetadataChange.PutVault;
import org.openekm.spi.store.VaultRecord;
import org.openekm.testkit.fake.ManualClock;
import org.openekm.testkit.fake.RecordingListener;

final class ServingRulesTest {

  private static final Instant NOW = Instant.parse("2026-05-12T12:00:00Z");

  private final KeyCatalog catalog =
      new KeyCatalog(
          new InMemoryMetadataStore(),
          new RulePolicyEngine(),
          Duration.ofMillis(500),
          new EkmListener() {},
          new KeyCatalog.Environment(new ManualClock(), Runnable::run));

  @BeforeEach
  void fill() {
    catalog.commit(now -> Records.basics());
    catalog.commit(now -> List.of(new PutVault(Records.vault(2))));
  }

  @Test
  void vault_unknown_isNotFound() {
    fails(
        EkmErrorCode.VAULT_NOT_FOUND, () -> ServingRules.vault(catalog.latest(), vaultId(9), NOW));
  }

  @Test
  void vault_blocked_isRefused() {
    catalog.commit(now -> List.of(new PutVault(Records.vault(1).withBlocked(true))));
    fails(EkmErrorCode.VAULT_BLOCKED, () -> ServingRules.vault(catalog.latest(), vaultId(1), NOW));
    assertThat(ServingRules.vault(catalog.latest(), vaultId(2), NOW).record().id())
        .isEqualTo(vaultId(2));
  }

  @Test
  void vault_withoutSignOfLife_isBlockedFromThatMomentOn() {
    VaultRecord record = Records.vault(1);
    Duration period = Duration.ofHours(36);
    catalog.commit(
        now ->
            List.of(
                new PutVault(
                    record.withAttributes(
                        record
                            .attributes()
                            .withDeadMan(
                                Optional.of(new VaultRecord.DeadManSwitch(period, NOW)))))));
    Instant due = NOW.plus(period);
    assertThat(
            ServingRules.vault(catalog.latest(), vaultId(1), due.minusNanos(1)).record().blocked())
        .isFalse();
    fails(EkmErrorCode.VAULT_BLOCKED, () -> ServingRules.vault(catalog.latest(), vaultId(1), due));
    assertThat(ServingRules.vault(catalog.latest(), vaultId(2), due).record().id())
        .isEqualTo(vaultId(2));
  }

  @Test
  void key_ofAnotherVault_isNotFound() {
    VaultEntry other = ServingRules.vault(catalog.latest(), vaultId(2), NOW);
    fails(EkmErrorCode.KEY_NOT_FOUND, () -> ServingRules.key(other, keyId(1)));
  }

  @ParameterizedTest
  @CsvSource({
    "PRE_ACTIVE, false, KEY_NOT_ACTIVE",
    "PRE_ACTIVE, true, KEY_BLOCKED",
    "ACTIVE, false, ",
    "ACTIVE, true, KEY_BLOCKED",
    "DISABLED, false, KEY_NOT_ACTIVE",
    "DISABLED, true, KEY_BLOCKED",
    "PENDING_DELETION, false, KEY_NOT_ACTIVE",
    "PENDING_DELETION, true, KEY_BLOCKED",
    "DESTROYED, false, KEY_NOT_FOUND",
    "DESTROYED, true, KEY_NOT_FOUND",
  })
  void key_everyStateBlockedOrNot_answersAsAgreed(
      KeyState state, boolean blocked, EkmErrorCode expected) {
    catalog.commit(
        now ->
            List.of(
                new PutKey(
                    Records.key(1, 1).withState(state, Optional.empty()).withBlocked(blocked))));
    VaultEntry vault = ServingRules.vault(catalog.latest(), vaultId(1), NOW);
    if (expected == null) {
      assertThat(ServingRules.key(vault, keyId(1)).record().id()).isEqualTo(keyId(1));
    } else {
      fails(expected, () -> ServingRules.key(vault, keyId(1)));
    }
  }

  @ParameterizedTest
  @CsvSource({
    "DISABLED, KEY_NOT_ACTIVE",
    "PENDING_DELETION, KEY_VERSION_NOT_FOUND",
    "DESTROYED, KEY_VERSION_NOT_FOUND"
  })
  void version_notActive_isRefusedAndLeftOutOfTheDecryptionOrder(
      KeyState state, EkmErrorCode expected) {
    addVersions();
    catalog.commit(now -> List.of(new PutKeyVersion(Records.version(2, 1, 2).withState(state))));
    KeyEntry key = key();
    fails(expected, () -> ServingRules.version(key, versionId(2)));
    assertThat(ServingRules.decryptionOrder(key))
        .extracting(v -> v.id())
        .containsExactly(versionId(1), versionId(3));
  }

  @Test
  void version_unknownOrOfAnotherKey_isNotFound() {
    catalog.commit(
        now -> List.of(new PutKeyVersion(Records.version(8, 8, 1)), new PutKey(Records.key(8, 1))));
    fails(EkmErrorCode.KEY_VERSION_NOT_FOUND, () -> ServingRules.version(key(), versionId(8)));
    fails(EkmErrorCode.KEY_VERSION_NOT_FOUND, () -> ServingRules.version(key(), versionId(9)));
  }

  @Test
  void currentVersion_disabled_isRefused() {
    assertThat(ServingRules.currentVersion(key()).id()).isEqualTo(versionId(1));
    catalog.commit(
        now -> List.of(new PutKeyVersion(Records.version(1, 1, 1).withState(KeyState.DISABLED))));
    fails(EkmErrorCode.KEY_NOT_ACTIVE, () -> ServingRules.currentVersion(key()));
  }

  @Test
  void decryptionOrder_currentIsNotNewest_currentComesFirst() {
    addVersions();
    assertThat(ServingRules.decryptionOrder(key()))
        .extracting(v -> v.id())
        .containsExactly(versionId(1), versionId(3), versionId(2));
  }

  @Test
  void decide_vaultDenies_keyIsNotAsked() {
    catalog.commit(
        now ->
            List.of(
                new PutVault(Records.vault(1).withPolicy(Records.DENY)),
                new PutKey(Records.key(1, 1).withPolicy(Optional.of(Records.ALLOW)))));
    assertThat(decide()).isEqualTo(Decision.deny("vault:no"));
  }

  @Test
  void decide_vaultAllowsKeyDenies_denies() {
    catalog.commit(
        now -> List.of(new PutKey(Records.key(1, 1).withPolicy(Optional.of(Records.DENY)))));
    assertThat(decide()).isEqualTo(Decision.deny("key:no"));
  }

  @Test
  void decide_bothAllow_allows() {
    assertThat(decide()).isEqualTo(Decision.allow("vault:ok"));
    catalog.commit(
        now -> List.of(new PutKey(Records.key(1, 1).withPolicy(Optional.of(Records.ALLOW)))));
    assertThat(decide()).isEqualTo(Decision.allow("key:ok"));
  }

  @Test
  void decide_keyPolicySilent_denies() {
    catalog.commit(
        now -> List.of(new PutKey(Records.key(1, 1).withPolicy(Optional.of("{\"rules\": []}")))));
    assertThat(decide()).isEqualTo(Decision.deny("key:default"));
  }

  @Test
  void decide_vaultMetadata_asksTheVaultAlone() {
    VaultEntry vault = ServingRules.vault(catalog.latest(), vaultId(1), NOW);
    assertThat(new AccessDecider(new EkmListener() {}).decide(vault, PolicyAnswers.request()))
        .isEqualTo(Decision.allow("vault:ok"));
  }

  @Test
  void decide_policyThrows_deniesAndWarns() {
    Policy broken =
        request -> {
          throw new IllegalStateException("bug");
        };
    VaultEntry vault = catalog.latest().vault(vaultId(1)).orElseThrow();
    VaultEntry withBug = new VaultEntry(vault.record(), vault.issuer(), broken, vault.keyTable());
    RecordingListener listener = new RecordingListener();
    assertThat(new AccessDecider(listener).decide(withBug, key(), PolicyAnswers.request()))
        .isEqualTo(Decision.deny("vault:policy-failed"));
    assertThat(listener.warningCodes()).containsExactly("policy-failed");
  }

  private void addVersions() {
    catalog.commit(
        now ->
            List.of(
                new PutKeyVersion(Records.version(2, 1, 2)),
                new PutKeyVersion(Records.version(3, 1, 3))));
  }

  private KeyEntry key() {
    return catalog.latest().findKey(keyId(1)).orElseThrow();
  }

  private Decision decide() {
    VaultEntry vault = ServingRules.vault(catalog.latest(), vaultId(1), NOW);
    return new AccessDecider(new EkmListener() {}).decide(vault, key(), PolicyAnswers.request());
  }

  private static void fails(EkmErrorCode code, ThrowingCallable call) {
    assertThatThrownBy(call)
        .isInstanceOfSatisfying(EkmException.class, e -> assertThat(e.code()).isEqualTo(code));
  }
}
