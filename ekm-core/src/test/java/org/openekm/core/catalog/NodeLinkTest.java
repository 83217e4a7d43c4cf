// SPDX-License-Identifier: Apache-2.0
package org.openekm.core.catalog;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.openekm.api.Deadline;
import org.openekm.api.EkmErrorCode;
import org.openekm.api.EkmException;
import org.openekm.api.NanoClock;
import org.openekm.core.policy.RulePolicyEngine;
import org.openekm.core.store.InMemoryMetadataStore;
import org.openekm.spi.store.MetadataChange.PutKey;
import org.openekm.spi.store.NodeId;
import org.openekm.spi.store.NodeRecord;
import org.openekm.testkit.fake.FakeNodeRegistry;
import org.openekm.testkit.fake.FaultyMetadataStore;
import org.openekm.testkit.fake.ManualClock;
import org.openekm.testkit.fake.RecordingListener;

/** Nodes on one store: whom does an acknowledgement wait for, and for how long? */
@Timeout(60)
final class NodeLinkTest {

  private static final Duration BOUND = Duration.ofMillis(500);
  private static final Duration LIMIT = Duration.ofSeconds(20);

  private final ManualClock clock = new ManualClock();
  private final InMemoryMetadataStore real = new InMemoryMetadataStore();
  private final FaultyMetadataStore store = new FaultyMetadataStore(real, false);
  private final FakeNodeRegistry registry = new FakeNodeRegistry(real::revision);
  private final ExecutorService executor = Executors.newCachedThreadPool();

  /** A node with its parts. */
  private final class Node {

    final AnswerGate gate = new AnswerGate(NanoClock.system());
    final KeyCatalog catalog;
    final ChangeBarrier barrier;

    Node(String name) {
      NodeLink link =
          new NodeLink(
              registry,
              new NodeId(UUID.randomUUID()),
              name,
              new NodeLink.Parts(gate, LIMIT, executor, new RecordingListener()));
      catalog =
          new KeyCatalog(
              store,
              new RulePolicyEngine(),
              BOUND,
              new RecordingListener(),
              new KeyCatalog.Environment(clock, executor, Optional.of(link)));
      barrier = new ChangeBarrier(catalog, gate, clock, LIMIT, executor);
    }

    void block() {
      catalog.commit(now -> List.of(new PutKey(Records.key(1, 1).withBlocked(true))));
    }

    CompletableFuture<Boolean> acknowledgement() {
      return CompletableFuture.supplyAsync(barrier::await, executor);
    }
  }

  NodeLinkTest() {
    real.commit(0, Records.basics());
  }

  @AfterEach
  void stop() {
    store.close();
    executor.shutdownNow();
  }

  @Test
  void catalog_loads_nodeIsRegisteredBeforeAndAcknowledgesAfter() {
    new Node("one");

    assertThat(registry.nodes()).extracting(NodeRecord::name).containsExactly("one");
    Awaitility.await().until(() -> registry.nodes().get(0).acknowledged() == 1);
  }

  @Test
  void await_allOtherNodesHaveAcknowledged_needsNoTime() throws Exception {
    Node one = new Node("one");
    Node two = new Node("two");
    one.block();

    CompletableFuture<Boolean> acknowledged = one.acknowledgement();
    Awaitility.await().during(Duration.ofMillis(100)).until(() -> !acknowledged.isDone());
    two.catalog.refresh();

    // The clock stands still: only the other node's word can end the wait.
    assertThat(acknowledged.get(20, TimeUnit.SECONDS)).isTrue();
    assertThat(blocked(two)).isTrue();
  }

  @Test
  void await_otherNodeStillHandsAnOlderAnswerOut_waitsForIt() throws Exception {
    Node one = new Node("one");
    Node two = new Node("two");
    AnswerGate.Ticket answering = two.gate.enter();
    one.block();
    two.catalog.refresh();

    CompletableFuture<Boolean> acknowledged = one.acknowledgement();
    Awaitility.await().during(Duration.ofMillis(100)).until(() -> !acknowledged.isDone());
    answering.close();

    assertThat(acknowledged.get(20, TimeUnit.SECONDS)).isTrue();
  }

  @Test
  void await_otherNodeIsCutOff_lastsUntilItCanServeNoMore() throws Exception {
    Node one = new Node("one");
    new Node("two");
    one.block();

    CompletableFuture<Boolean> acknowledged = one.acknowledgement();
    Awaitility.await().during(Duration.ofMillis(100)).until(() -> !acknowledged.isDone());
    clock.advance(one.catalog.settleTime().minusNanos(1));
    Awaitility.await().during(Duration.ofMillis(100)).until(() -> !acknowledged.isDone());
    clock.advance(Duration.ofNanos(1));

    assertThat(acknowledged.get(20, TimeUnit.SECONDS)).isTrue();
  }

  @Test
  void await_accountOfNodesIsUnreachable_lastsForTheWholeTime() throws Exception {
    Node one = new Node("one");
    one.block();
    registry.unreachable(true);

    CompletableFuture<Boolean> acknowledged = one.acknowledgement();
    Awaitility.await().during(Duration.ofMillis(100)).until(() -> !acknowledged.isDone());
    clock.advance(one.catalog.settleTime());

    assertThat(acknowledged.get(20, TimeUnit.SECONDS)).isTrue();
  }

  @Test
  void await_nodeHasLeft_doesNotWaitForIt() throws Exception {
    Node one = new Node("one");
    Node two = new Node("two");
    two.catalog.close();
    one.block();

    assertThat(one.acknowledgement().get(20, TimeUnit.SECONDS)).isTrue();
  }

  @Test
  void current_afterLeaving_servesNothing() {
    Node one = new Node("one");
    one.catalog.close();

    assertThatThrownBy(() -> one.catalog.current(soon()))
        .isInstanceOfSatisfying(
            EkmException.class,
            e -> assertThat(e.code()).isEqualTo(EkmErrorCode.STORE_UNAVAILABLE));
    assertThat(registry.nodes()).isEmpty();
  }

  @Test
  void current_nodeCannotReport_isNotConfirmedThoughTheStoreCouldBeRead() {
    Node one = new Node("one");
    registry.unreachable(true);
    clock.advance(BOUND.plusNanos(1));

    assertThatThrownBy(() -> one.catalog.current(soon())).isInstanceOf(EkmException.class);
  }

  @Test
  void follow_newsOfACommit_isSeenWithoutWaitingForThePoll() {
    Node one = new Node("one");
    Node two = new Node("two");
    two.catalog.follow();
    one.block();

    registry.tell();

    assertThat(two.catalog.latest().revision()).isEqualTo(2);
  }

  @Test
  void serves_olderRevisionComesLate_theNewestIsAcknowledgedAllTheSame() {
    AnswerGate gate = new AnswerGate(NanoClock.system());
    NodeLink link =
        new NodeLink(
            registry,
            new NodeId(UUID.randomUUID()),
            "one",
            new NodeLink.Parts(gate, LIMIT, executor, new RecordingListener()));
    AnswerGate.Ticket answering = gate.enter();
    link.serves(7);
    link.serves(6);
    answering.close();

    Awaitility.await().until(() -> registry.nodes().get(0).acknowledged() == 7);
  }

  @Test
  void requireStillValid_heldUpAfterTheLastLook_refuses() {
    Node one = new Node("one");
    CatalogView seen = one.catalog.look(soon());
    clock.advance(BOUND.plusMillis(40));
    one.catalog.requireStillValid(seen);

    // A fresh look by somebody else does not make the old one good.
    one.catalog.refresh();
    clock.advance(Duration.ofNanos(1));

    assertThatThrownBy(() -> one.catalog.requireStillValid(seen))
        .isInstanceOfSatisfying(
            EkmException.class,
            e -> assertThat(e.code()).isEqualTo(EkmErrorCode.STORE_UNAVAILABLE));
  }

  private boolean blocked(Node node) {
    return node.catalog.current(soon()).findKey(Records.keyId(1)).orElseThrow().record().blocked();
  }

  private Deadline soon() {
    return Deadline.after(Duration.ofSeconds(1), clock);
  }
}
