// SPDX-License-Identifier: Apache-2.0
package org.openekm.core;

import java.net.InetAddress;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.UnaryOperator;
import org.openekm.api.CallContext;
import org.openekm.api.Deadline;
import org.openekm.api.EkmErrorCode;
import org.openekm.api.EkmException;
import org.openekm.api.NanoClock;
import org.openekm.api.RequestId;
import org.openekm.api.VerifiedClient;
import org.openekm.core.admin.AdminContext;
import org.openekm.core.admin.AdminIdentity;
import org.openekm.core.admin.NewIssuer;
import org.openekm.core.admin.NewKeyCommand;
import org.openekm.core.admin.NewVault;
import org.openekm.core.endpoint.EkmRequest;
import org.openekm.core.endpoint.EkmResponse;
import org.openekm.core.store.InMemoryMetadataStore;
import org.openekm.spi.backend.KeyBackend;
import org.openekm.spi.store.KeyRecord;
import org.openekm.spi.store.VaultRecord;
import org.openekm.testkit.fake.FakeKeyBackend;
import org.openekm.testkit.fake.FaultyKeyBackend;
import org.openekm.testkit.fake.ManualClock;
import org.openekm.testkit.fake.RecordingAuditSink;

/**
 * An engine without an identity domain: the token {@code good} is the client of both vaults, any
 * other is refused. Time of day is a manual clock's.
 */
final class PlainEngine implements AutoCloseable {

  static final AdminContext ADMIN =
      new AdminContext(AdminIdentity.root("kim"), new RequestId("admin-1"), Optional.empty());
  static final String ENCRYPT = "{\"plaintext\":\"AAAA\"}";
  private static final String AUDIENCE = "https://10.0.0.5";

  final ManualClock clock = new ManualClock();
  final FaultyKeyBackend backend;
  final RecordingAuditSink sink = new RecordingAuditSink();
  final EkmEngine engine;
  final VaultRecord vault;
  final KeyRecord key;

  PlainEngine() {
    this(builder -> builder);
  }

  PlainEngine(UnaryOperator<EkmEngineBuilder> more) {
    this(new FakeKeyBackend(), more);
  }

  PlainEngine(KeyBackend real, UnaryOperator<EkmEngineBuilder> more) {
    backend = new FaultyKeyBackend(real);
    EkmEngineBuilder builder =
        more.apply(
            EkmEngine.builder()
                .store(new InMemoryMetadataStore())
                .auditSink(sink)
                .backend("main", backend, EngineFixture.PATIENT_CALLS)
                .tokenVerifier((issuer, token) -> verified(token))
                .clock(clock));
    engine = builder.config(patient(builder.effectiveConfig())).build();
    NewIssuer issuer =
        new NewIssuer(
            "domain",
            List.of("https://idcs.example/.well-known/openid-configuration"),
            List.of(),
            Set.of(),
            Optional.empty());
    engine.admin().issuers().create(ADMIN, issuer);
    engine.admin().tenancies().create(ADMIN, "acme", "ocid1.tenancy.oc1..aaaaexample");
    vault = newVault("payments");
    key = newKey("bucket-key");
  }

  private static EngineConfig patient(EngineConfig config) {
    return new EngineConfig(
        config.stalenessBound(),
        config.pollInterval(),
        EngineFixture.PATIENT_AUDIT,
        config.tokens(),
        config.limits());
  }

  private VerifiedClient verified(String token) {
    if (!token.equals("good")) {
      throw new EkmException(EkmErrorCode.TOKEN_INVALID, "token: not good");
    }
    return client();
  }

  VerifiedClient client() {
    return client("oci-client", "oci_ekms");
  }

  VerifiedClient client(String id, String scope) {
    return new VerifiedClient(
        id,
        Optional.of("jti-1"),
        Set.of(AUDIENCE),
        Set.of(scope),
        clock.instant().plusSeconds(3600));
  }

  VaultRecord newVault(String name) {
    return engine
        .admin()
        .vaults()
        .create(
            ADMIN,
            new NewVault(
                name,
                "acme",
                new NewVault.Access("domain", "oci-client", Set.of(), Set.of()),
                new VaultRecord.Endpoint("10.0.0.5", 443, "/ekm/v1"),
                "main",
                Optional.empty(),
                true,
                NewVault.Options.none()));
  }

  KeyRecord newKey(String name) {
    return engine
        .admin()
        .keys()
        .create(ADMIN, new NewKeyCommand("payments", name, 32, Optional.empty()))
        .key();
  }

  String keyId() {
    return key.id().toString();
  }

  String vaultPath(String rest) {
    return "/vaults/" + vault.id() + rest;
  }

  String keyPath(String rest) {
    return vaultPath("/keys/" + key.id() + rest);
  }

  CallContext context() {
    return context(client());
  }

  CallContext context(VerifiedClient client) {
    return new CallContext(new RequestId("in-process"), client, Optional.empty(), deadline());
  }

  static Deadline deadline() {
    return Deadline.after(Duration.ofSeconds(20), NanoClock.system());
  }

  Call post(String path, String body) {
    return new Call(this, "POST", path).body(body);
  }

  Call get(String path) {
    return new Call(this, "GET", path);
  }

  Call call(String method, String path) {
    return new Call(this, method, path);
  }

  @Override
  public void close() {
    backend.release();
    sink.recover();
    engine.close();
  }

  /** One HTTP request in the making, with the good token unless told otherwise. */
  static final class Call {

    private final PlainEngine ekm;
    private final String method;
    private final String path;
    private String query = "";
    private String body = "";
    private Optional<String> authorization = Optional.of("Bearer good");
    private Optional<String> contentType = Optional.of("application/json");
    private Optional<String> requestId = Optional.of("req-1");
    private Optional<InetAddress> source = Optional.empty();

    private Call(PlainEngine ekm, String method, String path) {
      this.ekm = ekm;
      this.method = method;
      this.path = path;
    }

    Call body(String value) {
      body = value;
      return this;
    }

    Call query(String value) {
      query = value;
      return this;
    }

    Call authorization(Optional<String> value) {
      authorization = value;
      return this;
    }

    Call contentType(Optional<String> value) {
      contentType = value;
      return this;
    }

    Call requestId(Optional<String> value) {
      requestId = value;
      return this;
    }

    Call from(InetAddress value) {
      source = Optional.of(value);
      return this;
    }

    /** Returns a response that is not yet released. */
    EkmResponse handle() {
      return ekm.engine.endpoint().handle(request(), deadline());
    }

    EkmRequest request() {
      return new EkmRequest(
          method,
          path,
          query,
          new EkmRequest.Headers(authorization, contentType, requestId),
          new EkmRequest.Body(body.getBytes(StandardCharsets.UTF_8)),
          source);
    }

    EngineFixture.Answer answer() {
      return EngineFixture.Answer.of(handle());
    }

    int status() {
      return answer().status();
    }
  }
}
