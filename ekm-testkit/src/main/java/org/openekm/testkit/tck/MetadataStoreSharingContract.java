// SPDX-License-Identifier: Apache-2.0
package org.openekm.testkit.tck;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.openekm.spi.store.MetadataChange;
import org.openekm.spi.store.MetadataChange.PutAdministrator;
import org.openekm.spi.store.MetadataChange.PutKeyVersion;
import org.openekm.spi.store.MetadataChange.PutTenancy;
import org.openekm.spi.store.MetadataChange.RemoveAdministrator;
import org.openekm.spi.store.MetadataChange.RemoveIssuer;
import org.openekm.spi.store.MetadataChange.RemoveKey;
import org.openekm.spi.store.MetadataChange.RemoveKeyVersion;
import org.openekm.spi.store.MetadataChange.RemoveSpentApproval;
import org.openekm.spi.store.MetadataChange.RemoveTenancy;
import org.openekm.spi.store.MetadataChange.RemoveVault;
import org.openekm.spi.store.MetadataDelta;
import org.openekm.spi.store.MetadataSnapshot;
import org.openekm.spi.store.MetadataStore;
import org.openekm.spi.store.NodeId;
import org.openekm.spi.store.NodeRecord;
import org.openekm.spi.store.NodeRegistry;

/**
 * The part of {@link MetadataStoreTck} about what nodes need that share a store: changes since a
 * revision, and an account of nodes. A store that offers neither is aborted here.
 */
abstract class MetadataStoreSharingContract extends MetadataStoreAdministratorContract {

  @Test
  protected void changesSince_anyEarlierRevision_leadToTheNewest() {
    assumeTrue(store().changesSince(0).isPresent(), "changesSince() gives none");
    List<MetadataSnapshot> history = new ArrayList<>(List.of(store().load()));
    for (List<MetadataChange> changes : eventfulLife()) {
      commit(changes.toArray(new MetadataChange[0]));
      history.add(store().load());
    }

    MetadataSnapshot newest = store().load();
    for (MetadataSnapshot earlier : history) {
      MetadataDelta delta = store().changesSince(earlier.revision()).orElseThrow();
      assertThat(delta.revision()).isEqualTo(newest.revision());
      assertThat(new RecordSet(earlier).apply(delta.changes()).records())
          .as("from revision " + earlier.revision())
          .isEqualTo(new RecordSet(newest).records());
    }
  }

  @Test
  protected void changesSince_theNewest_areNone() {
    assumeTrue(store().changesSince(0).isPresent(), "changesSince() gives none");
    commit(SampleRecords.full().puts());

    assertThat(store().changesSince(1)).hasValue(new MetadataDelta(1, List.of()));
  }

  @Test
  protected void report_registersTheNodeAndTellsTheNewestRevision() {
    NodeRegistry nodes = nodes(store());
    NodeId one = new NodeId(UUID.randomUUID());

    assertThat(nodes.report(one, "one", 0)).isZero();
    commit(SampleRecords.minimal().puts());
    assertThat(nodes.report(one, "one", 1)).isEqualTo(1);

    assertThat(nodes.nodes()).hasSize(1);
    NodeRecord known = nodes.nodes().get(0);
    assertThat(known.id()).isEqualTo(one);
    assertThat(known.name()).isEqualTo("one");
    assertThat(known.acknowledged()).isEqualTo(1);
    assertThat(known.silence()).isGreaterThanOrEqualTo(Duration.ZERO);
  }

  @Test
  protected void nodes_ofOneStore_seeWhatTheOthersAcknowledge() {
    NodeRegistry here = nodes(store());
    NodeRegistry there = nodes(again());
    NodeId one = new NodeId(UUID.randomUUID());
    NodeId two = new NodeId(UUID.randomUUID());
    here.report(one, "one", 0);
    there.report(two, "two", 0);
    commit(SampleRecords.minimal().puts());

    assertThat(there.report(two, "two", 1)).isEqualTo(1);

    assertThat(here.nodes()).extracting(NodeRecord::id).containsExactly(one, two);
    assertThat(here.nodes()).extracting(NodeRecord::acknowledged).containsExactly(0L, 1L);
  }

  @Test
  protected void report_nodeThatHasLeft_isRegisteredAgain() {
    NodeRegistry nodes = nodes(store());
    NodeId one = new NodeId(UUID.randomUUID());
    nodes.report(one, "one", 0);

    nodes.leave(one);
    nodes.leave(one);
    assertThat(nodes.nodes()).isEmpty();

    nodes.report(one, "one", 0);
    assertThat(nodes.nodes()).extracting(NodeRecord::id).containsExactly(one);
  }

  private static NodeRegistry nodes(MetadataStore store) {
    assumeTrue(store.nodes().isPresent(), "nodes() gives none");
    return store.nodes().orElseThrow();
  }

  /** Each kind of record put, replaced, removed, and put again. */
  private static List<List<MetadataChange>> eventfulLife() {
    SampleRecords stays = SampleRecords.full();
    SampleRecords goes = SampleRecords.minimal();
    return List.of(
        List.of(stays.puts()),
        List.of(goes.puts()),
        List.of(new PutKeyVersion(stays.nextVersion())),
        List.of(new PutTenancy(stays.tenancyNamed("renamed"))),
        List.of(
            new RemoveKeyVersion(goes.version().id()),
            new RemoveKey(goes.key().id()),
            new RemoveVault(goes.vault().id())),
        List.of(new RemoveTenancy(goes.tenancy().id()), new RemoveIssuer(goes.issuer().id())),
        List.of(
            new PutAdministrator(
                stays.administrator().withCredentials(List.of()).withGrants(Set.of())),
            new RemoveAdministrator(goes.administrator().id()),
            new RemoveSpentApproval(goes.spentApproval().nonce())),
        List.of(goes.puts()),
        List.of(new RemoveTenancy(goes.tenancy().id()), new PutTenancy(goes.tenancyNamed("back"))),
        List.of(
            new RemoveKeyVersion(goes.version().id()),
            new RemoveKey(goes.key().id()),
            new RemoveVault(goes.vault().id()),
            new RemoveTenancy(goes.tenancy().id()),
            new RemoveIssuer(goes.issuer().id()),
            new RemoveAdministrator(goes.administrator().id()),
            new RemoveSpentApproval(goes.spentApproval().nonce())));
  }
}
