// SPDX-License-Identifier: Apache-2.0
package org.openekm.core;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.awaitility.Awaitility;
import org.openekm.api.Deadline;
import org.openekm.api.NanoClock;
import org.openekm.api.RequestId;
import org.openekm.core.admin.AdminContext;
import org.openekm.core.admin.AdminIdentity;
import org.openekm.core.admin.NewIssuer;
import org.openekm.core.admin.NewKeyCommand;
import org.openekm.core.admin.NewVault;
import org.openekm.core.audit.AuditLogConfig;
import org.openekm.core.auth.TokenCheckConfig;
import org.openekm.core.backend.ResilienceConfig;
import org.openekm.core.endpoint.EkmRequest;
import org.openekm.core.endpoint.EkmResponse;
import org.openekm.core.store.InMemoryMetadataStore;
import org.openekm.core.wire.WireLimits;
import org.openekm.core.wire.WireProfile;
import org.openekm.spi.backend.KeyBackend;
import org.openekm.spi.store.KeyRecord;
import org.openekm.spi.store.VaultRecord;
import org.openekm.testkit.fake.FakeKeyBackend;
import org.openekm.testkit.fake.FaultyKeyBackend;
import org.openekm.testkit.fake.RecordingAuditSink;
import org.openekm.testkit.fake.RecordingListener;
import org.openekm.testkit.oci.FakeIdentityDomain;
import org.openekm.testkit.oci.OAuthApp;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * A whole engine with one vault and one key, before an identity domain that answers over a real
 * socket.
 */
final class EngineFixture implements AutoCloseable {

  static final AdminContext ADMIN =
      new AdminContext(AdminIdentity.root("kim"), new RequestId("admin-1"), Optional.empty());
  private static final JsonMapper JSON = JsonMapper.builder().build();
  private static final String AUDIENCE = "https://10.0.0.5/";

  /** Bounds that a busy machine keeps; a test that is about a bound sets its own. */
  static final AuditLogConfig PATIENT_AUDIT =
      new AuditLogConfig(
          AuditLogConfig.defaults().queueCapacity(),
          Duration.ofSeconds(20),
          AuditLogConfig.defaults().maxBatch());

  static final ResilienceConfig PATIENT_CALLS =
      ResilienceConfig.defaults(ResilienceConfig.Threading.POOL)
          .withCallTimes(Duration.ofSeconds(20), Duration.ofSeconds(10));

  /** How long a call may take. */
  Duration budget = Duration.ofSeconds(20);

  final FakeIdentityDomain domain = FakeIdentityDomain.start();
  final FaultyKeyBackend backend;
  final RecordingAuditSink sink = new RecordingAuditSink();
  final RecordingListener listener = new RecordingListener();
  final OAuthApp client;
  final EkmEngine engine;
  final VaultRecord vault;
  final KeyRecord key;

  EngineFixture() {
    this(new FakeKeyBackend());
  }

  EngineFixture(KeyBackend real) {
    this(real, PATIENT_AUDIT);
  }

  EngineFixture(WireProfile profile) {
    this(new FakeKeyBackend(), PATIENT_AUDIT, profile);
  }

  EngineFixture(KeyBackend real, AuditLogConfig audit) {
    this(real, audit, WireProfile.builtIn("oci-default"));
  }

  private EngineFixture(KeyBackend real, AuditLogConfig audit, WireProfile profile) {
    backend = new FaultyKeyBackend(real);
    client = domain.addClientApp("oci", domain.addResourceApp("ekm", AUDIENCE));
    engine =
        EkmEngine.builder()
            .store(new InMemoryMetadataStore())
            .auditSink(sink)
            .backend("main", backend, PATIENT_CALLS)
            .listener(listener)
            .wireProfile(profile)
            .config(config(audit))
            .build();
    NewIssuer issuer =
        new NewIssuer(
            "domain",
            List.of(domain.discoveryUrl().toString()),
            List.of(),
            Set.of(domain.tenantIssuer()),
            Optional.empty());
    engine.admin().issuers().create(ADMIN, issuer);
    engine.admin().tenancies().create(ADMIN, "acme", "ocid1.tenancy.oc1..aaaaexample");
    vault = engine.admin().vaults().create(ADMIN, newVault("payments"));
    key = newKey("bucket-key");
    Awaitility.await().until(() -> engine.checks().get("tokens").healthy());
  }

  private static EngineConfig config(AuditLogConfig audit) {
    EngineConfig usual = EngineConfig.defaults();
    return new EngineConfig(
        usual.stalenessBound(),
        usual.pollInterval(),
        audit,
        TokenCheckConfig.builder().allowLoopbackHttp(true).build(),
        WireLimits.defaults());
  }

  NewVault newVault(String name) {
    return new NewVault(
        name,
        "acme",
        new NewVault.Access("domain", client.clientId(), Set.of(), Set.of()),
        new VaultRecord.Endpoint("10.0.0.5", 443, "/ekm/v1"),
        "main",
        Optional.empty(),
        true,
        NewVault.Options.none());
  }

  KeyRecord newKey(String name) {
    return engine
        .admin()
        .keys()
        .create(ADMIN, new NewKeyCommand("payments", name, 32, Optional.empty()))
        .key();
  }

  String token() {
    return domain.token(client).serialize();
  }

  String keyPath(String rest) {
    return "/vaults/" + vault.id() + "/keys/" + key.id() + rest;
  }

  Answer post(String path, String body) {
    return call("POST", path, body, Optional.of("Bearer " + token()));
  }

  Answer get(String path) {
    return call("GET", path, "", Optional.of("Bearer " + token()));
  }

  Answer call(String method, String path, String body, Optional<String> authorization) {
    EkmResponse response = handle(method, path, body, authorization);
    return Answer.of(response);
  }

  /** Returns a response that is not yet released. */
  EkmResponse handle(String method, String path, String body) {
    return handle(method, path, body, Optional.of("Bearer " + token()));
  }

  private EkmResponse handle(
      String method, String path, String body, Optional<String> authorization) {
    EkmRequest request =
        new EkmRequest(
            method,
            path,
            "",
            new EkmRequest.Headers(
                authorization, Optional.of("application/json"), Optional.of("req-1")),
            new EkmRequest.Body(body.getBytes(StandardCharsets.UTF_8)),
            Optional.empty());
    return engine.endpoint().handle(request, Deadline.after(budget, NanoClock.system()));
  }

  /** Encrypts and returns the body for the matching decryption. */
  String sealed(String plaintext) {
    Answer answer = post(keyPath("/encrypt"), "{\"plaintext\":\"" + base64(plaintext) + "\"}");
    return decryptBody(answer);
  }

  static String decryptBody(Answer encrypted) {
    return "{\"ciphertext\":\"%s\",\"iv\":\"%s\",\"tag\":\"%s\"}"
        .formatted(encrypted.text("ciphertext"), encrypted.text("iv"), encrypted.text("tag"));
  }

  static String base64(String text) {
    return Base64.getEncoder().encodeToString(text.getBytes(StandardCharsets.UTF_8));
  }

  @Override
  public void close() {
    backend.release();
    engine.close();
    domain.close();
  }

  /** A response with its body read. */
  record Answer(EkmResponse response, JsonNode json) {

    /** Reads, wipes and releases the response. */
    static Answer of(EkmResponse response) {
      JsonNode json = JSON.readTree(response.body());
      response.wipe();
      return new Answer(response, json);
    }

    int status() {
      return response.status();
    }

    String text(String field) {
      return json.path(field).asString("");
    }

    /** The status and the message, as OCI sees an error. */
    String error() {
      return text("code") + " " + text("message");
    }
  }
}
