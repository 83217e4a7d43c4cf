// SPDX-License-Identifier: Apache-2.0
package org.openekm.testkit.tck;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.openekm.api.KeyState;
import org.openekm.spi.store.IssuerRecord;
import org.openekm.spi.store.KeyRecord;
import org.openekm.spi.store.KeyVersionRecord;
import org.openekm.spi.store.MetadataChange;
import org.openekm.spi.store.MetadataChange.PutIssuer;
import org.openekm.spi.store.MetadataChange.PutKey;
import org.openekm.spi.store.MetadataChange.PutKeyVersion;
import org.openekm.spi.store.MetadataChange.PutTenancy;
import org.openekm.spi.store.MetadataChange.PutVault;
import org.openekm.spi.store.MetadataChange.RemoveAdministrator;
import org.openekm.spi.store.MetadataChange.RemoveIssuer;
import org.openekm.spi.store.MetadataChange.RemoveKey;
import org.openekm.spi.store.MetadataChange.RemoveKeyVersion;
import org.openekm.spi.store.MetadataChange.RemoveSpentApproval;
import org.openekm.spi.store.MetadataChange.RemoveTenancy;
import org.openekm.spi.store.MetadataChange.RemoveVault;
import org.openekm.spi.store.MetadataSnapshot;
import org.openekm.spi.store.RevisionConflictException;
import org.openekm.spi.store.TenancyRecord;
import org.openekm.spi.store.VaultRecord;

/** The part of {@link MetadataStoreTck} that says what a commit does to the records. */
abstract class MetadataStoreRecordContract extends MetadataStoreFixture {

  @Test
  protected void newStore_isEmptyAtRevisionZero() {
    assertThat(store().revision()).isZero();
    assertThat(store().load()).isEqualTo(MetadataSnapshot.empty());
  }

  @Test
  protected void commit_givesTheNextRevisionEachTime() {
    SampleRecords sample = SampleRecords.minimal();

    assertThat(store().commit(0, List.of(sample.puts()))).isEqualTo(1);
    assertThat(store().commit(1, List.of(new PutTenancy(sample.tenancyNamed("two"))))).isEqualTo(2);
    assertThat(store().revision()).isEqualTo(2);
    assertThat(store().load().revision()).isEqualTo(2);
  }

  @Test
  protected void load_afterCommit_givesRecordsWithEveryOptionalPart() {
    SampleRecords sample = SampleRecords.full();

    commit(sample.puts());

    assertHolds(store().load(), sample);
  }

  @Test
  protected void load_afterCommit_givesRecordsWithoutAnyOptionalPart() {
    SampleRecords sample = SampleRecords.minimal();

    commit(sample.puts());

    assertHolds(store().load(), sample);
  }

  @Test
  protected void load_ofSeveralFamilies_mixesNothingUp() {
    SampleRecords one = SampleRecords.full();
    SampleRecords two = SampleRecords.minimal();
    SampleRecords three = SampleRecords.full();
    for (SampleRecords sample : List.of(one, two, three)) {
      commit(sample.puts());
    }

    assertHolds(store().load(), one, two, three);
  }

  @Test
  protected void load_everyKeyState_isKept() {
    SampleRecords sample = SampleRecords.minimal();
    commit(sample.puts());
    for (KeyState state : KeyState.values()) {
      KeyRecord key = sample.key().withState(state, Optional.empty());
      KeyVersionRecord version = sample.version().withState(state);

      commit(new PutKey(key), new PutKeyVersion(version));

      assertThat(store().load().keys()).containsExactly(key);
      assertThat(store().load().versions()).containsExactly(version);
    }
  }

  @Test
  protected void load_listsOfAnIssuer_keepTheirOrder() {
    SampleRecords sample = SampleRecords.full();

    commit(new PutIssuer(sample.issuer()));

    IssuerRecord loaded = store().load().issuers().get(0);
    assertThat(loaded.discoveryUrls()).containsExactlyElementsOf(sample.issuer().discoveryUrls());
    assertThat(loaded.jwksUrls()).containsExactlyElementsOf(sample.issuer().jwksUrls());
  }

  @Test
  protected void load_attributes_areKeptOneByOne() {
    SampleRecords sample = SampleRecords.minimal();
    commit(sample.puts());
    VaultRecord.Attributes ofVault = VaultRecord.Attributes.none();
    KeyRecord.Attributes ofKey = KeyRecord.Attributes.none();
    Instant linked = sample.vault().createdAt().plusSeconds(1);

    assertKept(sample.vault().withAttributes(ofVault.withLabels(Map.of("stage", "test"))));
    assertKept(sample.vault().withAttributes(ofVault.withLinkedAt(linked)));
    assertKept(sample.vault().withAttributes(ofVault.withBackendLocked()));
    assertKept(sample.key().withAttributes(ofKey.withLabels(Map.of("stage", "test"))));
    assertKept(sample.key().withAttributes(ofKey.withLinkedAt(linked)));
    for (Duration period : List.of(Duration.ofHours(1), Duration.ofDays(3650))) {
      assertKept(sample.key().withAttributes(ofKey.withRotationPeriod(Optional.of(period))));
    }
  }

  private void assertKept(VaultRecord vault) {
    commit(new PutVault(vault));
    assertThat(store().load().vaults()).containsExactly(vault);
  }

  private void assertKept(KeyRecord key) {
    commit(new PutKey(key));
    assertThat(store().load().keys()).containsExactly(key);
  }

  @Test
  protected void load_aLongPolicy_isKeptWhole() {
    SampleRecords sample = SampleRecords.full();
    VaultRecord vault = sample.vault().withPolicy("é".repeat(100_000) + "\n");
    commit(sample.puts());

    commit(new PutVault(vault));

    assertThat(store().load().vaults()).containsExactly(vault);
  }

  @Test
  protected void put_ofAKnownId_replacesTheWholeRecord() {
    SampleRecords full = SampleRecords.full();
    commit(full.puts());
    IssuerRecord issuer =
        new IssuerRecord(
            full.issuer().id(),
            "renamed",
            List.of(),
            full.issuer().jwksUrls(),
            full.issuer().acceptedIssuers(),
            Optional.empty(),
            full.issuer().createdAt());
    TenancyRecord tenancy = full.tenancyNamed("renamed");
    VaultRecord vault =
        full.vault()
            .withBlocked(!full.vault().blocked())
            .withPolicy("other")
            .withBackend("hsm-2")
            .withAuditSuccess(!full.vault().auditSuccess())
            .withAttributes(VaultRecord.Attributes.none());
    KeyRecord key =
        full.key()
            .withPolicy(Optional.empty())
            .withState(KeyState.ACTIVE, Optional.empty())
            .withBlocked(false)
            .withAttributes(KeyRecord.Attributes.none());
    KeyVersionRecord version = full.version().withState(KeyState.DESTROYED);

    commit(
        new PutIssuer(issuer),
        new PutTenancy(tenancy),
        new PutVault(vault),
        new PutKey(key),
        new PutKeyVersion(version));

    assertHolds(
        store().load(),
        new SampleRecords(
            issuer, tenancy, vault, key, version, full.administrator(), full.spentApproval()));
  }

  @Test
  protected void commit_severalChangesOfOneRecord_appliesThemInOrder() {
    SampleRecords sample = SampleRecords.minimal();
    TenancyRecord first = sample.tenancyNamed("first");
    TenancyRecord last = sample.tenancyNamed("last");

    commit(new PutTenancy(first), new PutTenancy(last));
    assertThat(store().load().tenancies()).containsExactly(last);
    commit(new PutTenancy(first), new RemoveTenancy(first.id()));
    assertThat(store().load().tenancies()).isEmpty();
    commit(new PutTenancy(first), new RemoveTenancy(first.id()), new PutTenancy(last));
    assertThat(store().load().tenancies()).containsExactly(last);
  }

  @Test
  protected void commit_rotation_changesKeyAndVersionsTogether() {
    SampleRecords sample = SampleRecords.minimal();
    commit(sample.puts());
    KeyVersionRecord next = sample.nextVersion();
    KeyRecord rotated = sample.key().withCurrentVersion(next.id());

    commit(new PutKey(rotated), new PutKeyVersion(next));

    assertThat(store().load().keys()).containsExactly(rotated);
    assertThat(store().load().versions()).containsExactlyInAnyOrder(sample.version(), next);
  }

  @Test
  protected void remove_ofEachKind_removesThatRecordOnly() {
    SampleRecords doomed = SampleRecords.full();
    SampleRecords other = SampleRecords.full();
    commit(doomed.puts());
    commit(other.puts());

    commit(
        new RemoveKeyVersion(doomed.version().id()),
        new RemoveKey(doomed.key().id()),
        new RemoveVault(doomed.vault().id()),
        new RemoveTenancy(doomed.tenancy().id()),
        new RemoveIssuer(doomed.issuer().id()),
        new RemoveAdministrator(doomed.administrator().id()),
        new RemoveSpentApproval(doomed.spentApproval().nonce()));

    assertHolds(store().load(), other);
  }

  @Test
  protected void remove_ofWhatIsNotThere_isASuccessAndMovesTheRevision() {
    SampleRecords absent = SampleRecords.minimal();
    SampleRecords present = SampleRecords.full();
    long before = commit(present.puts());

    long after =
        commit(
            new RemoveKeyVersion(absent.version().id()),
            new RemoveKey(absent.key().id()),
            new RemoveVault(absent.vault().id()),
            new RemoveTenancy(absent.tenancy().id()),
            new RemoveIssuer(absent.issuer().id()),
            new RemoveAdministrator(absent.administrator().id()),
            new RemoveSpentApproval(absent.spentApproval().nonce()));

    assertThat(after).isEqualTo(before + 1);
    assertHolds(store().load(), present);
  }

  @Test
  protected void put_afterRemove_bringsTheRecordBack() {
    SampleRecords sample = SampleRecords.full();
    commit(new PutTenancy(sample.tenancy()));
    commit(new RemoveTenancy(sample.tenancy().id()));

    commit(new PutTenancy(sample.tenancy()));

    assertThat(store().load().tenancies()).containsExactly(sample.tenancy());
  }

  @Test
  protected void commit_onAnotherRevision_isAConflictAndChangesNothing() {
    SampleRecords sample = SampleRecords.minimal();
    commit(sample.puts());
    commit(new PutTenancy(sample.tenancyNamed("second")));
    MetadataSnapshot before = store().load();
    List<MetadataChange> changes =
        List.of(
            new PutTenancy(sample.tenancyNamed("wrong")),
            new RemoveKeyVersion(sample.version().id()));

    for (long wrong : new long[] {0, 1, 3, 4, 1_000, -1, Long.MAX_VALUE}) {
      assertThatThrownBy(() -> store().commit(wrong, changes))
          .as("commit on revision %d", wrong)
          .isInstanceOf(RevisionConflictException.class);
      assertThat(store().load()).isEqualTo(before);
      assertThat(store().revision()).isEqualTo(2);
    }
  }

  @Test
  protected void commit_ofManyChanges_appliesThemAll() {
    SampleRecords sample = SampleRecords.minimal();
    List<MetadataChange> changes = new ArrayList<>(List.of(sample.puts()));
    for (int i = 0; i < 500; i++) {
      changes.add(new PutKeyVersion(sample.nextVersion()));
    }

    long revision = store().commit(0, changes);

    assertThat(revision).as("one commit is one revision").isEqualTo(1);
    assertThat(store().load().versions()).hasSize(501);
  }

  @Test
  protected void load_givesASnapshotThatLaterCommitsDontChange() {
    SampleRecords sample = SampleRecords.minimal();
    commit(sample.puts());
    MetadataSnapshot before = store().load();

    commit(new RemoveKeyVersion(sample.version().id()));

    assertThat(before.versions()).containsExactly(sample.version());
    assertThat(before.revision()).isEqualTo(1);
  }

  static void assertHolds(MetadataSnapshot snapshot, SampleRecords... samples) {
    List<SampleRecords> expected = List.of(samples);
    assertThat(snapshot.issuers())
        .containsExactlyInAnyOrderElementsOf(expected.stream().map(SampleRecords::issuer).toList());
    assertThat(snapshot.tenancies())
        .containsExactlyInAnyOrderElementsOf(
            expected.stream().map(SampleRecords::tenancy).toList());
    assertThat(snapshot.vaults())
        .containsExactlyInAnyOrderElementsOf(expected.stream().map(SampleRecords::vault).toList());
    assertThat(snapshot.keys())
        .containsExactlyInAnyOrderElementsOf(expected.stream().map(SampleRecords::key).toList());
    assertThat(snapshot.versions())
        .containsExactlyInAnyOrderElementsOf(
            expected.stream().map(SampleRecords::version).toList());
    assertThat(snapshot.administrators())
        .containsExactlyInAnyOrderElementsOf(
            expected.stream().map(SampleRecords::administrator).toList());
    assertThat(snapshot.spentApprovals())
        .containsExactlyInAnyOrderElementsOf(
            expected.stream().map(SampleRecords::spentApproval).toList());
  }
}
