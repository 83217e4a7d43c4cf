// SPDX-License-Identifier: Apache-2.0
package org.openekm.core.catalog;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.openekm.core.catalog.Records.keyId;
import static org.openekm.core.catalog.Records.vaultId;
import static org.openekm.core.catalog.Records.versionId;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.openekm.api.Deadline;
import org.openekm.api.EkmErrorCode;
import org.openekm.api.EkmException;
import org.openekm.core.policy.RulePolicyEngine;
import org.openekm.core.store.InMemoryMetadataStore;
import org.openekm.spi.policy.Policy;
import org.openekm.spi.policy.PolicyEngine;
import org.openekm.spi.policy.PolicySyntaxException;
import org.openekm.spi.store.MetadataChange;
import org.openekm.spi.store.MetadataChange.PutKey;
import org.openekm.spi.store.MetadataChange.PutKeyVersion;
import org.openekm.spi.store.MetadataChange.PutVault;
import org.openekm.spi.store.StoreException;
import org.openekm.testkit.fake.FaultyMetadataStore;
import org.openekm.testkit.fake.FaultyMetadataStore.Call;
import org.openekm.testkit.fake.ManualClock;
import org.openekm.testkit.fake.RecordingListener;
import org.openekm.testkit.fake.StoreFault;

final class KeyCatalogTest {

  private final ManualClock clock = new ManualClock();
  private final RecordingListener listener = new RecordingListener();
  private final InMemoryMetadataStore real = new InMemoryMetadataStore();
  private final FaultyMetadataStore store = new FaultyMetadataStore(real);
  private final AtomicInteger compilations = new AtomicInteger();
  private final PolicyEngine engine =
      source -> {
        compilations.incrementAndGet();
        return new RulePolicyEngine().compile(source);
      };

  @Test
  void current_emptyStore_hasNothingAtRevision0() {
    CatalogSnapshot snapshot = current(catalog());
    assertThat(snapshot.revision()).isZero();
    assertThat(snapshot.vaults()).isEmpty();
    assertThat(snapshot.vault(vaultId(1))).isEmpty();
  }

  @Test
  void commit_basics_areVisibleWhenItReturns() {
    KeyCatalog catalog = catalog();
    CatalogSnapshot returned = catalog.commit(now -> Records.basics());

    CatalogSnapshot seen = current(catalog);
    assertThat(seen).isSameAs(returned);
    assertThat(seen.revision()).isEqualTo(1);
    VaultEntry vault = seen.vault(vaultId(1)).orElseThrow();
    assertThat(vault.issuer()).isEqualTo(Records.issuer(1));
    KeyEntry key = vault.key(keyId(1)).orElseThrow();
    assertThat(key.current()).isEqualTo(Records.version(1, 1, 1));
    assertThat(key.version(versionId(1))).contains(Records.version(1, 1, 1));
    assertThat(key.version(versionId(2))).isEmpty();
    assertThat(listener.revisions()).containsExactly(0L, 1L);
  }

  @Test
  void commit_change_leavesEarlierSnapshotAsItWas() {
    KeyCatalog catalog = withBasics();
    CatalogSnapshot before = current(catalog);
    catalog.commit(now -> List.of(new PutKey(Records.key(1, 1).withBlocked(true))));

    assertThat(key(before, 1).record().blocked()).isFalse();
    assertThat(key(current(catalog), 1).record().blocked()).isTrue();
  }

  @Test
  void commit_newVersion_isNewestFirstAndCurrent() {
    KeyCatalog catalog = withBasics();
    catalog.commit(
        now ->
            List.of(
                new PutKeyVersion(Records.version(7, 1, 2)),
                new PutKey(Records.key(1, 1).withCurrentVersion(versionId(7)))));

    KeyEntry key = key(current(catalog), 1);
    assertThat(key.current().id()).isEqualTo(versionId(7));
    assertThat(key.newestFirst()).extracting(v -> v.number()).containsExactly(2, 1);
  }

  @Test
  void commit_blockOneKeyOfMany_compilesNoPolicy() {
    KeyCatalog catalog = withBasics();
    catalog.commit(now -> keysWithPolicies(2, 100));
    int before = compilations.get();

    catalog.commit(now -> List.of(new PutKey(Records.key(1, 1).withBlocked(true))));
    catalog.commit(now -> List.of(new PutVault(Records.vault(1).withBlocked(true))));
    assertThat(compilations.get()).isEqualTo(before);
  }

  @Test
  void commit_policyOfOneKey_compilesThatOneOnly() {
    KeyCatalog catalog = withBasics();
    catalog.commit(now -> keysWithPolicies(2, 100));
    int before = compilations.get();
    Policy other = key(current(catalog), 50).policy().orElseThrow();

    catalog.commit(
        now -> List.of(new PutKey(Records.key(51, 1).withPolicy(Optional.of(Records.DENY)))));
    assertThat(compilations.get()).isEqualTo(before + 1);
    assertThat(key(current(catalog), 50).policy()).containsSame(other);
  }

  @Test
  void refresh_otherNodeChangedOneKey_recompilesAndRebuildsOnlyThatOne() {
    KeyCatalog catalog = withBasics();
    catalog.commit(now -> keysWithPolicies(2, 100));
    KeyEntry untouched = key(current(catalog), 50);
    int before = compilations.get();

    real.commit(2, List.of(new PutKey(Records.key(51, 1).withPolicy(Optional.of(Records.DENY)))));
    catalog.refresh();
    assertThat(compilations.get()).isEqualTo(before + 1);
    assertThat(key(catalog.latest(), 50)).isSameAs(untouched);
    assertThat(catalog.latest().revision()).isEqualTo(3);
  }

  @Test
  void commit_unreadablePolicy_deniesEverythingAndWarns() {
    KeyCatalog catalog = withBasics();
    catalog.commit(now -> List.of(new PutVault(Records.vault(1).withPolicy("not a policy"))));

    assertThat(listener.warningCodes()).containsExactly("policy-unreadable");
    assertThat(listener.warnings().get(0).text()).contains(vaultId(1).toString());
    assertThat(
            PolicyAnswers.of(current(catalog).vault(vaultId(1)).orElseThrow().policy()).allowed())
        .isFalse();
  }

  @Test
  void commit_engineThrowsSomethingElse_deniesEverything() {
    PolicyEngine broken =
        source -> {
          throw new IllegalStateException("engine bug");
        };
    KeyCatalog catalog =
        new KeyCatalog(
            store,
            broken,
            Duration.ofMillis(500),
            listener,
            new KeyCatalog.Environment(clock, Runnable::run));
    catalog.commit(now -> Records.basics());

    assertThat(
            PolicyAnswers.of(current(catalog).vault(vaultId(1)).orElseThrow().policy()).allowed())
        .isFalse();
  }

  @Test
  void commit_vaultWithoutPolicy_deniesEverything() {
    KeyCatalog catalog = withBasics();
    var v = Records.vault(2);
    var bare =
        new org.openekm.spi.store.VaultRecord(
            v.id(),
            v.name(),
            v.tenancy(),
            v.access(),
            v.endpoint(),
            v.backend(),
            Optional.empty(),
            false,
            true,
            v.createdAt(),
            v.attributes());
    catalog.commit(now -> List.of(new PutVault(bare)));
    assertThat(PolicyAnswers.of(current(catalog).vault(vaultId(2)).orElseThrow().policy()))
        .isEqualTo(org.openekm.spi.policy.Decision.deny("no-policy"));
  }

  @Test
  void commit_issuerChanged_vaultsShowTheNewOne() {
    KeyCatalog catalog = withBasics();
    var old = Records.issuer(1);
    var renamed =
        new org.openekm.spi.store.IssuerRecord(
            old.id(),
            "renamed",
            old.discoveryUrls(),
            old.jwksUrls(),
            old.acceptedIssuers(),
            old.jwksClient(),
            old.createdAt());
    catalog.commit(now -> List.of(new MetadataChange.PutIssuer(renamed)));
    assertThat(current(catalog).vault(vaultId(1)).orElseThrow().issuer().name())
        .isEqualTo("renamed");
    assertThat(current(catalog).vault(vaultId(1)).orElseThrow().key(keyId(1))).isPresent();
  }

  @Test
  void commit_removals_takeRecordsOut() {
    KeyCatalog catalog = withBasics();
    catalog.commit(
        now ->
            List.of(
                new MetadataChange.RemoveKeyVersion(versionId(1)),
                new MetadataChange.RemoveKey(keyId(1)),
                new MetadataChange.RemoveVault(vaultId(1)),
                new MetadataChange.RemoveTenancy(Records.tenancyId(1)),
                new MetadataChange.RemoveIssuer(Records.issuerId(1))));
    CatalogSnapshot now = current(catalog);
    assertThat(now.vaults()).isEmpty();
    assertThat(now.tenancies()).isEmpty();
    assertThat(now.issuers()).isEmpty();
    assertThat(now.findKey(keyId(1))).isEmpty();
  }

  @Test
  void commit_removeOfWhatIsNotThere_hasNoEffect() {
    KeyCatalog catalog = withBasics();
    catalog.commit(
        now ->
            List.of(
                new MetadataChange.RemoveKey(keyId(9)),
                new MetadataChange.RemoveKeyVersion(versionId(9))));
    assertThat(current(catalog).revision()).isEqualTo(2);
    assertThat(current(catalog).findKey(keyId(1))).isPresent();
  }

  @Test
  void commit_changesThatPointNowhere_areRefusedBeforeTheStoreSeesThem() {
    KeyCatalog catalog = withBasics();
    List<MetadataChange> bad =
        List.of(
            new PutKey(Records.key(2, 1)),
            new PutKeyVersion(Records.version(3, 9, 1)),
            new PutKey(Records.key(1, 2)),
            new MetadataChange.RemoveIssuer(Records.issuerId(1)));
    for (MetadataChange change : bad) {
      assertThatThrownBy(() -> catalog.commit(now -> List.of(change)))
          .as("%s", change)
          .isInstanceOf(IllegalArgumentException.class);
    }
    assertThat(real.revision()).isEqualTo(1);
    assertThat(current(catalog).revision()).isEqualTo(1);
  }

  @Test
  void load_recordsThatPointNowhere_areLeftOutAndReported() {
    real.commit(0, List.of(new PutVault(Records.vault(1)), new PutKey(Records.key(1, 1))));
    KeyCatalog catalog = catalog();
    assertThat(catalog.latest().vaults()).isEmpty();
    assertThat(listener.warningCodes())
        .containsExactly("metadata-inconsistent", "metadata-inconsistent");
  }

  @Test
  void commit_somebodyElseWasFaster_decidesAgainOnWhatTheyDid() {
    KeyCatalog catalog = withBasics();
    List<Long> decidedOn = new ArrayList<>();
    real.commit(1, List.of(new PutVault(Records.vault(2))));

    CatalogSnapshot after =
        catalog.commit(
            now -> {
              decidedOn.add(now.revision());
              return List.of(new PutVault(Records.vault(3)));
            });
    assertThat(decidedOn).containsExactly(1L, 2L);
    assertThat(after.vaults()).hasSize(3);
  }

  @Test
  void commit_alwaysConflicts_givesUpAfterAFewTries() {
    KeyCatalog catalog = withBasics();
    store.fail(Call.COMMIT, StoreFault.conflict());
    assertThatThrownBy(() -> catalog.commit(now -> List.of(new PutVault(Records.vault(2)))))
        .isInstanceOfSatisfying(
            EkmException.class,
            e -> assertThat(e.code()).isEqualTo(EkmErrorCode.STORE_UNAVAILABLE));
    assertThat(store.calls(Call.COMMIT)).isEqualTo(6);
  }

  @Test
  void commit_decisionThrows_changesNothing() {
    KeyCatalog catalog = withBasics();
    assertThatThrownBy(
            () ->
                catalog.commit(
                    now -> {
                      throw new PolicySyntaxException(List.of("no"));
                    }))
        .isInstanceOf(PolicySyntaxException.class);
    assertThat(real.revision()).isEqualTo(1);
  }

  @Test
  void commit_answerLost_nextReadAsksTheStoreAndSeesTheBlock() {
    KeyCatalog catalog = withBasics();
    store.failNext(Call.COMMIT, 1, StoreFault.answerLost());

    assertThatThrownBy(
            () -> catalog.commit(now -> List.of(new PutKey(Records.key(1, 1).withBlocked(true)))))
        .isInstanceOf(EkmException.class);
    assertThat(key(current(catalog), 1).record().blocked()).isTrue();
  }

  @Test
  void commit_answerLostAndStoreGone_servesNothingUntilTheStoreIsBack() {
    KeyCatalog catalog = withBasics();
    store
        .failNext(Call.COMMIT, 1, StoreFault.answerLost())
        .fail(Call.REVISION, StoreFault.unavailable());

    assertThatThrownBy(
            () -> catalog.commit(now -> List.of(new PutKey(Records.key(1, 1).withBlocked(true)))))
        .isInstanceOf(EkmException.class);
    clock.advance(Duration.ofMillis(1));
    assertThatThrownBy(() -> current(catalog))
        .isInstanceOfSatisfying(
            EkmException.class,
            e -> assertThat(e.code()).isEqualTo(EkmErrorCode.STORE_UNAVAILABLE));
    store.heal();
    assertThat(key(current(catalog), 1).record().blocked()).isTrue();
  }

  @Test
  void commit_endsWithAnErrorAfterTheWork_nextReadAsksTheStoreAndSeesTheBlock() {
    KeyCatalog catalog = withBasics();
    store.failNext(Call.COMMIT, 1, StoreFault.brokenAfter());

    assertThatThrownBy(
            () -> catalog.commit(now -> List.of(new PutKey(Records.key(1, 1).withBlocked(true)))))
        .isInstanceOf(InternalError.class);
    assertThat(key(current(catalog), 1).record().blocked()).isTrue();
  }

  @Test
  void onChange_observer_getsThePresentAndEachNewSnapshotInOrder() {
    KeyCatalog catalog = catalog();
    List<Long> seen = new ArrayList<>();
    catalog.onChange(snapshot -> seen.add(snapshot.revision()));
    catalog.commit(now -> Records.basics());
    catalog.commit(now -> List.of(new PutVault(Records.vault(2))));
    assertThat(seen).containsExactly(0L, 1L, 2L);
  }

  @Test
  void onChange_observerThrows_commitStillSucceedsAndOthersHear() {
    KeyCatalog catalog = catalog();
    List<Long> seen = new ArrayList<>();
    catalog.onChange(
        snapshot -> {
          if (snapshot.revision() > 0) {
            throw new IllegalStateException("observer bug");
          }
        });
    catalog.onChange(snapshot -> seen.add(snapshot.revision()));
    catalog.commit(now -> Records.basics());
    assertThat(seen).containsExactly(0L, 1L);
    assertThat(listener.warningCodes()).containsExactly("catalog-observer-failed");
  }

  @Test
  void refresh_storeWentBack_isAFailureAndKeepsTheView() {
    KeyCatalog catalog = withBasics();
    catalog.commit(now -> List.of(new PutKey(Records.key(1, 1).withBlocked(true))));
    KeyCatalog later =
        new KeyCatalog(store, engine, Duration.ofMillis(500), listener, environment());
    store.goStale();
    catalog.commit(now -> List.of(new PutVault(Records.vault(2))));

    assertThatThrownBy(catalog::refresh)
        .isInstanceOf(StoreException.class)
        .hasMessageContaining("went back");
    assertThat(catalog.latest().revision()).isEqualTo(3);
    assertThat(later.latest().revision()).isEqualTo(2);
  }

  private static List<MetadataChange> keysWithPolicies(int first, int last) {
    List<MetadataChange> changes = new ArrayList<>();
    for (int n = first; n <= last; n++) {
      changes.add(new PutKeyVersion(Records.version(n, n, 1)));
      changes.add(new PutKey(Records.key(n, 1).withPolicy(Optional.of(Records.ALLOW))));
    }
    return changes;
  }

  private KeyCatalog withBasics() {
    KeyCatalog catalog = catalog();
    catalog.commit(now -> Records.basics());
    return catalog;
  }

  private KeyCatalog catalog() {
    return new KeyCatalog(store, engine, Duration.ofMillis(500), listener, environment());
  }

  private KeyCatalog.Environment environment() {
    return new KeyCatalog.Environment(clock, Runnable::run);
  }

  private CatalogSnapshot current(KeyCatalog catalog) {
    return catalog.current(Deadline.after(Duration.ofSeconds(5), clock));
  }

  private static KeyEntry key(CatalogSnapshot snapshot, int n) {
    return snapshot.findKey(keyId(n)).orElseThrow();
  }
}
