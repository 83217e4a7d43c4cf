// SPDX-License-Identifier: Apache-2.0
package org.openekm.core.admin;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;
import org.openekm.api.RequestId;
import org.openekm.core.EkmEngine;
import org.openekm.core.EngineConfig;
import org.openekm.core.admin.AdminException.Kind;
import org.openekm.core.admin.ChangeGuard.Subject;
import org.openekm.core.store.InMemoryMetadataStore;
import org.openekm.spi.store.VaultRecord;
import org.openekm.testkit.fake.FakeKeyBackend;
import org.openekm.testkit.fake.FaultyMetadataStore;
import org.openekm.testkit.fake.RecordingAuditSink;

/** Several writers on two nodes over one store, each counting on from what it has read. */
class LostUpdateTest {

  private static final AdminContext ADMIN =
      new AdminContext(AdminIdentity.root("alice"), new RequestId("r"), Optional.empty());
  private static final int WRITERS = 4;
  private static final int ROUNDS = 4;

  @Test
  void conditionalChanges_onTwoNodesAtOnce_loseNoUpdate() throws Exception {
    InMemoryMetadataStore store = new InMemoryMetadataStore();
    ExecutorService executor = Executors.newFixedThreadPool(WRITERS);
    try (EkmEngine one = made(node(store));
        EkmEngine other = node(store)) {
      List<Future<Integer>> writers = new ArrayList<>();
      for (int i = 0; i < WRITERS; i++) {
        AdminServices node = (i % 2 == 0 ? one : other).admin();
        writers.add(executor.submit(() -> count(node)));
      }
      int stale = 0;
      for (Future<Integer> writer : writers) {
        stale += writer.get();
      }

      assertThat(number(one.admin().vaults().find(ADMIN, "v").policy().orElseThrow()))
          .as("every one of the writers' steps counts; %d were refused on the way", stale)
          .isEqualTo(WRITERS * ROUNDS);
    } finally {
      executor.shutdownNow();
    }
  }

  /** Counts on until enough steps have been accepted; returns how many were refused. */
  private static int count(AdminServices node) {
    int refused = 0;
    int done = 0;
    while (done < ROUNDS) {
      ChangeGuard looking = ChangeGuard.open();
      int seen = number(node.under(looking).vaults().find(ADMIN, "v").policy().orElseThrow());
      EntityTag tag = looking.tag(Subject.VAULT, "v").orElseThrow();
      ChangeGuard guard = ChangeGuard.ifUnchanged(Subject.VAULT, "v", Set.of(tag));
      try {
        node.under(guard).vaults().setPolicy(ADMIN, "v", policy(seen + 1));
        done++;
      } catch (AdminException e) {
        assertThat(e.kind()).as(e.getMessage()).isIn(Kind.STALE, Kind.UNAVAILABLE);
        refused++;
      }
    }
    return refused;
  }

  private static EkmEngine node(InMemoryMetadataStore store) {
    EngineConfig usual = EngineConfig.defaults();
    return EkmEngine.builder()
        .store(new FaultyMetadataStore(store, false))
        .auditSink(new RecordingAuditSink())
        .backend("main", new FakeKeyBackend())
        .config(
            new EngineConfig(
                Duration.ofMillis(100),
                usual.pollInterval(),
                usual.audit(),
                usual.tokens(),
                usual.limits()))
        .build();
  }

  /** Before the other node starts, which may show what is a moment old. */
  private static EkmEngine made(EkmEngine node) {
    make(node.admin());
    return node;
  }

  private static void make(AdminServices admin) {
    admin
        .issuers()
        .create(
            ADMIN,
            new NewIssuer(
                "d",
                List.of(),
                List.of("https://127.0.0.1:1/keys"),
                Set.of("https://d/"),
                Optional.empty()));
    admin.tenancies().create(ADMIN, "t", "ocid1.tenancy.oc1..aaaa");
    admin
        .vaults()
        .create(
            ADMIN,
            new NewVault(
                "v",
                "t",
                new NewVault.Access("d", "client", Set.of(), Set.of()),
                new VaultRecord.Endpoint("ekm.example", 443, "/ekm/v1"),
                "main",
                Optional.of(policy(0)),
                true,
                NewVault.Options.none()));
  }

  private static String policy(int number) {
    return "{\"rules\": [{\"name\": \"n" + number + "\", \"effect\": \"allow\"}]}";
  }

  private static int number(String policy) {
    return Integer.parseInt(policy.replaceAll("\\D", ""));
  }
}
