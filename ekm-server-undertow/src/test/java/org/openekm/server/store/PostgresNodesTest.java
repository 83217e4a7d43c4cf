// SPDX-License-Identifier: Apache-2.0
package org.openekm.server.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.openekm.api.Deadline;
import org.openekm.api.EkmErrorCode;
import org.openekm.api.EkmException;
import org.openekm.api.NanoClock;
import org.openekm.core.catalog.AnswerGate;
import org.openekm.core.catalog.ChangeBarrier;
import org.openekm.core.catalog.KeyCatalog;
import org.openekm.core.catalog.NodeLink;
import org.openekm.core.policy.RulePolicyEngine;
import org.openekm.spi.store.MetadataChange;
import org.openekm.spi.store.MetadataStore;
import org.openekm.spi.store.NodeId;
import org.openekm.spi.store.NodeRecord;
import org.openekm.spi.store.TenancyId;
import org.openekm.spi.store.TenancyRecord;
import org.openekm.testkit.fake.RecordingListener;
import org.openekm.testkit.fake.TcpProxy;
import org.openekm.testkit.postgres.PostgresServer;

/** Nodes on a real database, each by a line that can be cut. */
@Timeout(180)
class PostgresNodesTest {

  private static final Duration BOUND = Duration.ofMillis(500);
  private static final Duration PATIENCE = Duration.ofSeconds(30);

  @TempDir Path folder;

  private final ExecutorService executor = Executors.newCachedThreadPool();
  private final Deque<AutoCloseable> closing = new ArrayDeque<>();
  private PostgresServer database;
  private String name;

  /** A node as the engine puts it together, without anything that calls. */
  private final class Node {

    final TcpProxy line = TcpProxy.to(database.port());
    final MetadataStore store;
    final KeyCatalog catalog;
    final ChangeBarrier barrier;

    Node(String nodeName) {
      closing.push(line);
      store =
          PostgresMetadataStoreProvider.open(
              Databases.source(PostgresServer.url(name, line.port())), 4);
      closing.push(store);
      AnswerGate gate = new AnswerGate(NanoClock.system());
      NodeLink link =
          new NodeLink(
              store.nodes().orElseThrow(),
              new NodeId(UUID.randomUUID()),
              nodeName,
              new NodeLink.Parts(gate, PATIENCE, executor, new RecordingListener()));
      catalog =
          new KeyCatalog(
              store,
              new RulePolicyEngine(),
              BOUND,
              new RecordingListener(),
              new KeyCatalog.Environment(NanoClock.system(), executor, Optional.of(link)));
      catalog.follow();
      barrier = new ChangeBarrier(catalog, gate, NanoClock.system(), PATIENCE, executor);
    }

    long commit() {
      TenancyRecord tenancy =
          new TenancyRecord(new TenancyId(UUID.randomUUID()), "t", "ocid1.t", Instant.EPOCH);
      return catalog.commit(now -> List.of(new MetadataChange.PutTenancy(tenancy))).revision();
    }

    long serves() {
      return catalog.current(Deadline.after(Duration.ofMillis(400), NanoClock.system())).revision();
    }
  }

  @BeforeEach
  void start() {
    database = PostgresServer.start(folder);
    name = database.newDatabase();
  }

  @AfterEach
  void stop() throws Exception {
    while (!closing.isEmpty()) {
      closing.pop().close();
    }
    database.close();
    executor.shutdownNow();
  }

  @Test
  void commit_byOneNode_reachesTheOtherWithoutAPoll() {
    Node one = new Node("one");
    Node two = new Node("two");

    long revision = one.commit();

    Awaitility.await().atMost(PATIENCE).until(() -> two.catalog.latest().revision() == revision);
    assertThat(one.barrier.await()).isTrue();
    assertThat(one.store.nodes().orElseThrow().nodes())
        .extracting(NodeRecord::name)
        .containsExactly("one", "two");
    Awaitility.await()
        .atMost(PATIENCE)
        .untilAsserted(
            () ->
                assertThat(one.store.nodes().orElseThrow().nodes())
                    .extracting(NodeRecord::acknowledged)
                    .containsOnly(revision));
  }

  @Test
  void nodeCutOff_refusesPastItsBound_andComesBackWithWhatItMissed() {
    Node one = new Node("one");
    Node two = new Node("two");
    two.line.cut();
    long revision = one.commit();

    assertThat(one.barrier.await()).isTrue();

    // Acknowledged: from here on the node that was cut off must not serve what was before.
    assertThatThrownBy(two::serves)
        .isInstanceOfSatisfying(
            EkmException.class,
            e -> assertThat(e.code()).isEqualTo(EkmErrorCode.STORE_UNAVAILABLE));
    two.line.heal();
    Awaitility.await()
        .atMost(PATIENCE)
        .ignoreExceptions()
        .untilAsserted(() -> assertThat(two.serves()).isEqualTo(revision));
  }

  @Test
  void databaseKilledRightAfterACommit_losesNothingAcknowledged() {
    Node one = new Node("one");
    long revision = one.commit();
    database.kill();
    assertThatThrownBy(
            () ->
                Awaitility.await()
                    .pollDelay(BOUND.plusMillis(10))
                    .until(() -> one.serves() == revision))
        .hasRootCauseInstanceOf(Exception.class);

    database.restart();

    Awaitility.await()
        .atMost(PATIENCE)
        .ignoreExceptions()
        .untilAsserted(() -> assertThat(one.serves()).isEqualTo(revision));
    assertThat(one.commit()).isEqualTo(revision + 1);
  }

  @Test
  void databaseWentBack_refusesUntilTheServerIsRestarted() throws Exception {
    Node one = new Node("one");
    one.commit();
    execute("UPDATE revision SET value = 0 WHERE id = 1");

    Awaitility.await()
        .atMost(PATIENCE)
        .untilAsserted(
            () ->
                assertThatThrownBy(one::serves)
                    .isInstanceOf(EkmException.class)
                    .hasMessageContaining("went back"));
  }

  @Test
  void rowOfANodeIsLost_itRegistersAgainBeforeItsViewCounts() throws Exception {
    Node one = new Node("one");
    execute("DELETE FROM node");

    Awaitility.await()
        .atMost(PATIENCE)
        .untilAsserted(
            () -> {
              assertThat(one.serves()).isZero();
              assertThat(one.store.nodes().orElseThrow().nodes())
                  .extracting(NodeRecord::name)
                  .containsExactly("one");
            });
  }

  @Test
  void rowOfANodeThatCrashed_isDroppedAfterAMinute() throws Exception {
    Node one = new Node("one");
    execute(
        "INSERT INTO node VALUES ('"
            + UUID.randomUUID()
            + "', 'crashed', 0, clock_timestamp() - INTERVAL '61 seconds'), ('"
            + UUID.randomUUID()
            + "', 'silent', 0, clock_timestamp() - INTERVAL '30 seconds')");

    Awaitility.await()
        .atMost(PATIENCE)
        .untilAsserted(
            () -> {
              one.catalog.refresh();
              assertThat(one.store.nodes().orElseThrow().nodes())
                  .extracting(NodeRecord::name)
                  .containsExactly("one", "silent");
            });
  }

  private void execute(String sql) throws SQLException {
    try (Connection connection = Databases.source(database.url(name)).getConnection();
        Statement statement = connection.createStatement()) {
      statement.execute(sql);
    }
  }
}
