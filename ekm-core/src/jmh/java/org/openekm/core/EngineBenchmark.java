// SPDX-License-Identifier: Apache-2.0
package org.openekm.core;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Base64;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Stream;
import org.openekm.api.Deadline;
import org.openekm.api.NanoClock;
import org.openekm.api.RequestId;
import org.openekm.api.SecretBytes;
import org.openekm.core.admin.AdminContext;
import org.openekm.core.admin.AdminIdentity;
import org.openekm.core.admin.NewIssuer;
import org.openekm.core.admin.NewKeyCommand;
import org.openekm.core.admin.NewVault;
import org.openekm.core.audit.AuditLogConfig;
import org.openekm.core.audit.FileAuditSink;
import org.openekm.core.auth.TokenCheckConfig;
import org.openekm.core.backend.ResilienceConfig;
import org.openekm.core.backend.ResilienceConfig.Threading;
import org.openekm.core.backend.software.SoftwareKeyBackendProvider;
import org.openekm.core.endpoint.EkmRequest;
import org.openekm.core.endpoint.EkmResponse;
import org.openekm.core.store.InMemoryMetadataStore;
import org.openekm.spi.CheckResult;
import org.openekm.spi.ComponentContext;
import org.openekm.spi.Settings;
import org.openekm.spi.audit.AuditEvent;
import org.openekm.spi.audit.AuditReceipt;
import org.openekm.spi.audit.AuditSink;
import org.openekm.spi.backend.KeyBackend;
import org.openekm.spi.store.VaultRecord;
import org.openekm.testkit.oci.FakeIdentityDomain;
import org.openekm.testkit.oci.OAuthApp;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Threads;
import org.openjdk.jmh.annotations.Warmup;

/**
 * An Encrypt call through the whole engine, without HTTP: token remembered, policy, software
 * backend, audit.
 */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(1)
public class EngineBenchmark {

  private static final AdminContext ADMIN =
      new AdminContext(
          AdminIdentity.root("benchmark"), new RequestId("benchmark"), Optional.empty());
  private static final String AUDIENCE = "https://10.0.0.5/";

  /** Where audit records go: {@code file} flushes to disk, {@code nowhere} costs nothing. */
  @Param({"file", "nowhere"})
  public String audit;

  private final byte[] body =
      ("{\"plaintext\":\""
              + Base64.getEncoder().encodeToString(new byte[32])
              + "\",\"mode\":\"AES_GCM\"}")
          .getBytes(US_ASCII);
  private Path folder;
  private EkmEngine engine;
  private String path;
  private EkmRequest.Headers headers;

  /** Starts an engine with one vault and one key in a temporary folder. */
  @Setup
  public void start() throws IOException {
    folder = Files.createTempDirectory("ekm-engine-benchmark");
    try (FakeIdentityDomain domain = FakeIdentityDomain.start()) {
      OAuthApp client = domain.addClientApp("oci", domain.addResourceApp("ekm", AUDIENCE));
      engine = engine();
      path = setUp(client, domain.discoveryUrl(), domain.tenantIssuer());
      String token = domain.token(client).valid(Instant.now(), Duration.ofDays(1)).serialize();
      headers =
          new EkmRequest.Headers(
              Optional.of("Bearer " + token),
              Optional.of("application/json"),
              Optional.of("benchmark"));
      awaitKeys();
    }
    int status = encrypt();
    if (status != 200) {
      throw new IllegalStateException("the first call was answered " + status);
    }
  }

  private EkmEngine engine() {
    EngineConfig usual = EngineConfig.defaults();
    // A slow disk would turn the usual 50 ms into refusals; here the time itself is of interest.
    AuditLogConfig patient = new AuditLogConfig(4096, Duration.ofSeconds(5), 256);
    return EkmEngine.builder()
        .store(new InMemoryMetadataStore())
        .auditSink(auditSink())
        .backend("main", backend(), ResilienceConfig.defaults(Threading.CALLER))
        .config(
            new EngineConfig(
                usual.stalenessBound(),
                usual.pollInterval(),
                patient,
                TokenCheckConfig.builder().allowLoopbackHttp(true).build(),
                usual.limits()))
        .build();
  }

  private AuditSink auditSink() {
    return audit.equals("file")
        ? FileAuditSink.open(folder.resolve("audit.log"), 64L << 20, InstantSource.system())
        : new ForgetfulSink();
  }

  private KeyBackend backend() {
    byte[] kek = Base64.getEncoder().encode(new byte[32]);
    return new SoftwareKeyBackendProvider()
        .create(
            new ComponentContext(
                "main",
                Settings.of(
                    Map.of("keystore", folder.resolve("keys").toString(), "kek", "${env:KEK}")),
                reference -> SecretBytes.copyOf(kek),
                InstantSource.system(),
                NanoClock.system(),
                new SecureRandom(),
                Runnable::run));
  }

  private String setUp(OAuthApp client, URI discoveryUrl, String tenantIssuer) {
    engine
        .admin()
        .issuers()
        .create(
            ADMIN,
            new NewIssuer(
                "domain",
                List.of(discoveryUrl.toString()),
                List.of(),
                Set.of(tenantIssuer),
                Optional.empty()));
    engine.admin().tenancies().create(ADMIN, "acme", "ocid1.tenancy.oc1..aaaaexample");
    VaultRecord vault =
        engine
            .admin()
            .vaults()
            .create(
                ADMIN,
                new NewVault(
                    "payments",
                    "acme",
                    new NewVault.Access("domain", client.clientId(), Set.of(), Set.of()),
                    new VaultRecord.Endpoint("10.0.0.5", 443, "/ekm/v1"),
                    "main",
                    Optional.empty(),
                    true,
                    NewVault.Options.none()));
    NewKeyCommand command = new NewKeyCommand("payments", "key", 32, Optional.empty());
    return "/vaults/"
        + vault.id()
        + "/keys/"
        + engine.admin().keys().create(ADMIN, command).key().id()
        + "/encrypt";
  }

  private void awaitKeys() {
    for (int i = 0; i < 1000 && !engine.checks().get("tokens").healthy(); i++) {
      LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(10));
    }
  }

  /** Stops the engine and removes its files. */
  @TearDown
  public void stop() throws IOException {
    engine.close();
    try (Stream<Path> files = Files.walk(folder)) {
      for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
        Files.delete(file);
      }
    }
  }

  /** One caller. */
  @Benchmark
  public int oneThread() {
    return encrypt();
  }

  /** Eight callers, who share the flushes of the audit. */
  @Benchmark
  @Threads(8)
  public int eightThreads() {
    return encrypt();
  }

  private int encrypt() {
    EkmRequest request =
        new EkmRequest(
            "POST", path, "", headers, new EkmRequest.Body(body.clone()), Optional.empty());
    EkmResponse response =
        engine
            .endpoint()
            .handle(request, Deadline.after(Duration.ofSeconds(10), NanoClock.system()));
    response.wipe();
    return response.status();
  }

  /** Takes everything and keeps nothing. */
  private static final class ForgetfulSink implements AuditSink {

    private long sequence;

    @Override
    public AuditReceipt append(List<AuditEvent> batch) {
      sequence += batch.size();
      return new AuditReceipt(sequence, "");
    }

    @Override
    public CheckResult check() {
      return CheckResult.ok("nothing is kept");
    }

    @Override
    public void close() {
      sequence = 0;
    }
  }
}
