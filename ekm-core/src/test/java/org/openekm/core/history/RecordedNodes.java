// SPDX-License-Identifier: Apache-2.0
package org.openekm.core.history;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicLong;
import org.openekm.api.Bytes;
import org.openekm.api.CallContext;
import org.openekm.api.Deadline;
import org.openekm.api.EkmErrorCode;
import org.openekm.api.EkmException;
import org.openekm.api.EncryptRequest;
import org.openekm.api.NanoClock;
import org.openekm.api.RequestId;
import org.openekm.api.SecretBytes;
import org.openekm.api.VerifiedClient;
import org.openekm.core.EkmEngine;
import org.openekm.core.admin.AdminContext;
import org.openekm.core.admin.AdminException;
import org.openekm.core.admin.AdminIdentity;
import org.openekm.core.admin.AdminServices;
import org.openekm.core.admin.NewIssuer;
import org.openekm.core.admin.NewKeyCommand;
import org.openekm.core.admin.NewVault;
import org.openekm.spi.backend.KeyBackend;
import org.openekm.spi.store.KeyRecord;
import org.openekm.spi.store.MetadataStore;
import org.openekm.spi.store.VaultRecord;
import org.openekm.testkit.fake.FakeKeyBackend;
import org.openekm.testkit.fake.RecordingAuditSink;

/** Whole engines on one store with one key, used and changed by many at once; all is recorded. */
final class RecordedNodes implements AutoCloseable {

  private static final AdminContext ADMIN =
      new AdminContext(AdminIdentity.root("kim"), new RequestId("admin-1"), Optional.empty());
  private static final String AUDIENCE = "https://10.0.0.5";
  private static final int ONE_CHANGE_IN = 4;

  private final List<EkmEngine> nodes = new ArrayList<>();
  private final VerifiedClient client =
      new VerifiedClient(
          "oci-client",
          Optional.of("jti-1"),
          Set.of(AUDIENCE),
          Set.of("oci_ekms"),
          Instant.now().plus(Duration.ofHours(1)));
  // A tick rather than a time: the order is what counts, and no two are alike.
  private final AtomicLong clock = new AtomicLong();
  private final VaultRecord vault;
  private final KeyRecord key;

  RecordedNodes(MetadataStore store, int count) {
    FakeKeyBackend backend = new FakeKeyBackend();
    nodes.add(engine(store, backend));
    AdminServices admin = nodes.get(0).admin();
    admin
        .issuers()
        .create(
            ADMIN,
            new NewIssuer(
                "domain",
                List.of("https://idcs.example/.well-known/openid-configuration"),
                List.of(),
                Set.of(),
                Optional.empty()));
    admin.tenancies().create(ADMIN, "acme", "ocid1.tenancy.oc1..aaaaexample");
    vault =
        admin
            .vaults()
            .create(
                ADMIN,
                new NewVault(
                    "payments",
                    "acme",
                    new NewVault.Access("domain", "oci-client", Set.of(), Set.of()),
                    new VaultRecord.Endpoint("10.0.0.5", 443, "/ekm/v1"),
                    "main",
                    Optional.empty(),
                    true,
                    NewVault.Options.none()));
    key =
        admin
            .keys()
            .create(ADMIN, new NewKeyCommand("payments", "bucket-key", 32, Optional.empty()))
            .key();
    while (nodes.size() < count) {
      nodes.add(engine(store, backend));
    }
  }

  private EkmEngine engine(MetadataStore store, KeyBackend backend) {
    return EkmEngine.builder()
        .store(store)
        .nodeName("node-" + nodes.size())
        .auditSink(new RecordingAuditSink())
        .backend("main", backend)
        .tokenVerifier((issuer, token) -> client)
        .build();
  }

  /** Returns what so many threads did, each so many steps, in the order in which they ended. */
  List<Step> run(int threads, int steps, Random seeds) throws InterruptedException {
    ConcurrentLinkedQueue<Step> history = new ConcurrentLinkedQueue<>();
    ExecutorService executor = Executors.newFixedThreadPool(threads);
    try {
      List<Callable<Boolean>> workers = new ArrayList<>();
      for (int i = 0; i < threads; i++) {
        Random random = new Random(seeds.nextLong());
        workers.add(
            () -> {
              for (int done = 0; done < steps; done++) {
                history.add(step(random));
              }
              return true;
            });
      }
      for (Future<Boolean> worker : executor.invokeAll(workers)) {
        Boolean unused = worker.get();
      }
    } catch (ExecutionException e) {
      throw new AssertionError(e.getCause());
    } finally {
      executor.shutdownNow();
    }
    return List.copyOf(history);
  }

  /** Does and records one thing. */
  private Step step(Random random) {
    Action[] all = Action.values();
    Action action =
        random.nextInt(ONE_CHANGE_IN) == 0 ? all[1 + random.nextInt(all.length - 1)] : Action.CALL;
    return step(action, random.nextInt(nodes.size()));
  }

  Step step(Action action, int node) {
    EkmEngine engine = nodes.get(node);
    long began = clock.incrementAndGet();
    String outcome = action.isCall() ? call(engine) : change(engine.admin(), action);
    return new Step(action, node, outcome, began, clock.incrementAndGet());
  }

  private String call(EkmEngine engine) {
    CallContext context =
        new CallContext(
            new RequestId("in-process"),
            client,
            Optional.empty(),
            Deadline.after(Duration.ofSeconds(20), NanoClock.system()));
    try (SecretBytes text = SecretBytes.copyOf("text".getBytes(StandardCharsets.US_ASCII))) {
      var unused =
          engine
              .service()
              .encrypt(
                  context,
                  new EncryptRequest(
                      vault.id(), key.id(), Optional.empty(), text, Bytes.copyOf(new byte[0])));
      return Step.OK;
    } catch (EkmException e) {
      return e.code() == EkmErrorCode.STORE_UNAVAILABLE ? Step.UNKNOWN : e.code().name();
    }
  }

  private String change(AdminServices admin, Action action) {
    String name = key.id().toString();
    try {
      switch (action) {
        case BLOCK_KEY -> admin.keys().block(ADMIN, name);
        case UNBLOCK_KEY -> admin.keys().unblock(ADMIN, name);
        case DISABLE_KEY -> admin.keys().disable(ADMIN, name);
        case ENABLE_KEY -> admin.keys().enable(ADMIN, name);
        case BLOCK_VAULT -> admin.vaults().block(ADMIN, vault.name());
        case UNBLOCK_VAULT -> admin.vaults().unblock(ADMIN, vault.name());
        default -> throw new IllegalArgumentException("a call changes nothing");
      }
      return Step.OK;
    } catch (AdminException e) {
      return e.kind() == AdminException.Kind.UNAVAILABLE ? Step.UNKNOWN : e.kind().name();
    }
  }

  @Override
  public void close() {
    nodes.forEach(EkmEngine::close);
  }
}
