// SPDX-License-Identifier: Apache-2.0
package org.openekm.core.admin;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.net.InetAddress;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicReference;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.openekm.api.Deadline;
import org.openekm.api.NanoClock;
import org.openekm.api.RequestId;
import org.openekm.core.audit.AuditLog;
import org.openekm.core.audit.AuditLogConfig;
import org.openekm.core.backend.BackendRegistry;
import org.openekm.core.catalog.AnswerGate;
import org.openekm.core.catalog.CatalogSnapshot;
import org.openekm.core.catalog.ChangeBarrier;
import org.openekm.core.catalog.FirstUses;
import org.openekm.core.catalog.KeyCatalog;
import org.openekm.core.policy.RulePolicyEngine;
import org.openekm.core.store.InMemoryMetadataStore;
import org.openekm.spi.backend.Capabilities;
import org.openekm.spi.store.VaultRecord;
import org.openekm.testkit.fake.FakeKeyBackend;
import org.openekm.testkit.fake.FaultyKeyBackend;
import org.openekm.testkit.fake.FaultyMetadataStore;
import org.openekm.testkit.fake.ManualClock;
import org.openekm.testkit.fake.RecordingAuditSink;
import org.openekm.testkit.fake.RecordingListener;

/**
 * All use cases on fakes: a store and a backend that fail when told to, an audit that remembers.
 */
final class AdminFixture implements AutoCloseable {

  static final AdminContext ADMIN =
      new AdminContext(
          AdminIdentity.root("alice"),
          new RequestId("request-1"),
          Optional.of(InetAddress.getLoopbackAddress()));

  final ManualClock clock = new ManualClock();
  final FaultyMetadataStore store;
  final FakeKeyBackend device = new FakeKeyBackend();
  final FaultyKeyBackend backend = new FaultyKeyBackend(device);
  final RecordingAuditSink sink = new RecordingAuditSink();
  final RecordingListener listener = new RecordingListener();
  final FirstUses firstUses = new FirstUses();
  final AnswerGate gate = new AnswerGate(NanoClock.system());
  final ExecutorService executor = Executors.newCachedThreadPool();
  final KeyCatalog catalog;
  final AdminServices admin;
  final FakeKeyBackend bareDevice;
  private final AtomicReference<Runnable> atNextInstant = new AtomicReference<>(() -> {});
  private final AdminEnvironment environment;

  AdminFixture() {
    this(Duration.ofSeconds(30));
  }

  AdminFixture(Duration barrierLimit) {
    this(barrierLimit, true);
  }

  /** Makes a node on a store that others may commit to, if it is not exclusive. */
  AdminFixture(Duration barrierLimit, boolean exclusive) {
    this(barrierLimit, exclusive, ApprovalPolicy.none());
  }

  AdminFixture(Duration barrierLimit, ApprovalPolicy approvals) {
    this(barrierLimit, true, approvals);
  }

  private AdminFixture(Duration barrierLimit, boolean exclusive, ApprovalPolicy approvals) {
    store = new FaultyMetadataStore(new InMemoryMetadataStore(), exclusive);
    RulePolicyEngine engine = new RulePolicyEngine();
    catalog =
        new KeyCatalog(
            store,
            engine,
            Duration.ofMillis(500),
            listener,
            new KeyCatalog.Environment(clock, executor));
    AuditLog audit =
        new AuditLog(
            sink,
            new AuditLogConfig(64, Duration.ofSeconds(10), 16),
            executor,
            NanoClock.system(),
            listener);
    Capabilities full = FakeKeyBackend.fullCapabilities();
    Capabilities bare =
        new Capabilities(
            full.ivSource(),
            full.maxPlaintextBytes(),
            full.maxAadBytes(),
            Set.of(32),
            Set.of(),
            full.maxConcurrentCalls());
    bareDevice = new FakeKeyBackend(bare);
    environment =
        new AdminEnvironment(
            catalog,
            new ChangeBarrier(catalog, gate, NanoClock.system(), barrierLimit, executor),
            audit,
            new BackendRegistry(Map.of("hsm", backend, "bare", bareDevice)),
            memory(NanoClock.system()),
            approvals,
            engine,
            listener,
            hooked(clock),
            NanoClock.system(),
            new SecureRandom(),
            Optional.empty());
    admin = AdminServices.of(environment);
  }

  AdminEnvironment environment() {
    return environment;
  }

  /** Returns the use cases of a server that starts now on the same parts. */
  AdminServices restarted() {
    return AdminServices.of(withCatalog(catalog, environment.nanoClock()));
  }

  private AdminMemory memory(NanoClock nanoClock) {
    return new AdminMemory(firstUses, listener, hooked(clock), nanoClock, new SecureRandom());
  }

  /** Returns the use cases of another node on the same store and device. */
  AdminServices otherNode() {
    KeyCatalog other =
        new KeyCatalog(
            store,
            environment.policies(),
            Duration.ofMillis(500),
            listener,
            new KeyCatalog.Environment(clock, executor));
    return AdminServices.of(withCatalog(other, environment.nanoClock()));
  }

  /** Returns the use cases of a server whose monotonic time is the manual clock's. */
  AdminServices onManualTime() {
    return AdminServices.of(withCatalog(catalog, clock));
  }

  private AdminEnvironment withCatalog(KeyCatalog other, NanoClock nanoClock) {
    return new AdminEnvironment(
        other,
        environment.barrier(),
        environment.audit(),
        environment.backends(),
        memory(nanoClock),
        environment.approvals(),
        environment.policies(),
        listener,
        environment.clock(),
        nanoClock,
        environment.random(),
        Optional.empty());
  }

  /**
   * Runs something at the n-th next reading of the wall clock by a use case: in the middle of it.
   */
  void atInstant(int n, Runnable hook) {
    int[] left = {n};
    atNextInstant.set(
        () -> {
          if (--left[0] == 0) {
            atNextInstant.set(() -> {});
            hook.run();
          }
        });
  }

  private InstantSource hooked(InstantSource real) {
    return () -> {
      atNextInstant.get().run();
      return real.instant();
    };
  }

  IssuerAdmin issuers() {
    return admin.issuers();
  }

  VaultAdmin vaults() {
    return admin.vaults();
  }

  KeyAdmin keys() {
    return admin.keys();
  }

  /**
   * Makes an issuer, a tenancy and a vault called {@code vault} on the backend that can do
   * everything.
   */
  AdminFixture withVault() {
    issuers()
        .create(
            ADMIN,
            new NewIssuer(
                "idcs", List.of("https://idcs.example/"), List.of(), Set.of(), Optional.empty()));
    admin.tenancies().create(ADMIN, "tenancy", "ocid1.tenancy.oc1..aaaa");
    vaults().create(ADMIN, newVault("vault", "hsm"));
    return this;
  }

  static NewVault newVault(String name, String backend) {
    return new NewVault(
        name,
        "tenancy",
        new NewVault.Access("idcs", "client", Set.of(), Set.of()),
        new VaultRecord.Endpoint("ekm.example", 443, "/ekm/v1"),
        backend,
        Optional.empty(),
        true,
        NewVault.Options.none());
  }

  KeyDetails newKey(String name) {
    return keys().create(ADMIN, command(name));
  }

  static NewKeyCommand command(String name) {
    return new NewKeyCommand("vault", name, 32, Optional.empty());
  }

  CatalogSnapshot snapshot() {
    return catalog.current(Deadline.after(Duration.ofSeconds(5), clock));
  }

  static AdminException refused(AdminException.Kind kind, ThrowingCallable call) {
    AdminException thrown = catchThrowableOfType(AdminException.class, call);
    assertThat(thrown).as("refusal").isNotNull();
    assertThat(thrown.kind()).as(thrown.getMessage()).isEqualTo(kind);
    return thrown;
  }

  @Override
  public void close() {
    store.close();
    backend.close();
    sink.recover();
    executor.shutdownNow();
  }
}
