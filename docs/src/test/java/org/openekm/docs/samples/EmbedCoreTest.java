// SPDX-License-Identifier: Apache-2.0
package org.openekm.docs.samples;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.openekm.api.Bytes;
import org.openekm.api.RequestId;
import org.openekm.api.SecretBytes;
import org.openekm.core.EkmEngine;
import org.openekm.core.EngineConfig;
import org.openekm.core.admin.AdminContext;
import org.openekm.core.admin.AdminIdentity;
import org.openekm.core.admin.NewIssuer;
import org.openekm.core.admin.NewKeyCommand;
import org.openekm.core.admin.NewVault;
import org.openekm.core.auth.TokenCheckConfig;
import org.openekm.spi.audit.AuditEvent;
import org.openekm.spi.store.KeyRecord;
import org.openekm.spi.store.VaultRecord;
import org.openekm.testkit.fake.RecordingAuditSink;
import org.openekm.testkit.oci.FakeIdentityDomain;
import org.openekm.testkit.oci.KeyReference;
import org.openekm.testkit.oci.OAuthApp;
import org.openekm.testkit.oci.OciCaller;
import org.openekm.testkit.oci.OciCiphertext;
import org.openekm.testkit.oci.OciResult;

/**
 * A vendor puts the core into its own product: own backend, own store, and the HTTP server that the
 * product has already.
 */
final class EmbedCoreTest {
  private static final String MOUNT = "/ekm/v1";
  private static final AdminContext ADMIN =
      new AdminContext(
          AdminIdentity.root("acme-installer"), new RequestId("install"), Optional.empty());

  private final RecordingAuditSink auditSink = new RecordingAuditSink();
  private final ExecutorService threads = Executors.newCachedThreadPool();
  private FakeIdentityDomain domain;
  private HttpServer http;
  private EkmEngine engine;
  private VaultRecord vault;
  private KeyRecord key;
  private OciCaller oci;

  @BeforeEach
  void start() throws IOException {
    domain = FakeIdentityDomain.start();
    engine = startEngine();
    http = startHttp();
    String origin = "http://127.0.0.1:" + http.getAddress().getPort();
    OAuthApp client = domain.addClientApp("oci", domain.addResourceApp("acme", origin + "/"));
    setUp(client, origin);
    oci =
        OciCaller.builder(
                URI.create(origin + MOUNT + "/vaults/" + vault.id()),
                () -> domain.token(client).serialize())
            .build();
    Awaitility.await().until(() -> engine.checks().get("tokens").healthy());
  }

  private EkmEngine startEngine() {
    // snippet: engine
    EkmEngine engine =
        EkmEngine.builder()
            .backend("acme", new AcmeKeyBackend(new ConcurrentHashMap<>(), new SecureRandom()))
            .store(new AcmeMetadataStore())
            .auditSink(auditSink)
            .config(config())
            .executor(threads)
            .build();
    // end snippet
    return engine;
  }

  /** The identity domain of this test has no TLS, which is for tests only. */
  private static EngineConfig config() {
    EngineConfig usual = EngineConfig.defaults();
    return new EngineConfig(
        usual.stalenessBound(),
        usual.pollInterval(),
        usual.audit(),
        TokenCheckConfig.builder().allowLoopbackHttp(true).build(),
        usual.limits());
  }

  private HttpServer startHttp() throws IOException {
    // snippet: http
    HttpServer http =
        HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    http.createContext(MOUNT, new JdkHttpMount(MOUNT, engine.endpoint()));
    http.setExecutor(threads);
    http.start();
    // end snippet
    return http;
  }

  private void setUp(OAuthApp client, String origin) {
    // snippet: set-up
    var admin = engine.admin();
    admin
        .issuers()
        .create(
            ADMIN,
            new NewIssuer(
                "my-domain",
                List.of(domain.discoveryUrl().toString()),
                List.of(),
                Set.of(domain.tenantIssuer()),
                Optional.empty()));
    admin.tenancies().create(ADMIN, "customer", "ocid1.tenancy.oc1..aaaaexample");
    vault =
        admin
            .vaults()
            .create(
                ADMIN,
                new NewVault(
                    "payments",
                    "customer",
                    new NewVault.Access("my-domain", client.clientId(), Set.of(origin), Set.of()),
                    new VaultRecord.Endpoint("10.0.0.5", 443, MOUNT),
                    "acme",
                    Optional.empty(),
                    true,
                    NewVault.Options.none()));
    key =
        admin
            .keys()
            .create(ADMIN, new NewKeyCommand("payments", "bucket-key", 32, Optional.empty()))
            .key();
    // end snippet
  }

  @AfterEach
  void stop() {
    http.stop(0);
    engine.close();
    threads.shutdownNow();
    domain.close();
  }

  @Test
  void encryptAndDecrypt_overHttp_giveThePlaintextBack() {
    OciCiphertext sealed = encrypt("a data key of a bucket").orThrow();

    OciResult<SecretBytes> opened = oci.decrypt(reference(), sealed, Bytes.empty());

    assertThat(opened.orThrow().toByteArray()).asString().isEqualTo("a data key of a bucket");
    assertThat(auditSink.events().stream().map(AuditEvent::action)).contains("encrypt", "decrypt");
  }

  @Test
  void blockedKey_isRefusedUntilItIsUnblocked() {
    OciCiphertext sealed = encrypt("data").orThrow();
    engine.admin().keys().block(ADMIN, "payments/bucket-key");

    OciResult<SecretBytes> refused = oci.decrypt(reference(), sealed, Bytes.empty());
    engine.admin().keys().unblock(ADMIN, "payments/bucket-key");
    OciResult<SecretBytes> opened = oci.decrypt(reference(), sealed, Bytes.empty());

    assertThat(refused.response().status()).isEqualTo(403);
    assertThat(opened.response().status()).isEqualTo(200);
  }

  @Test
  void bodyOverTheLimit_isAnswered413() {
    assertThat(oci.post("/keys/" + key.id() + "/encrypt", " ".repeat(300 * 1024)).status())
        .isEqualTo(413);
  }

  private OciResult<OciCiphertext> encrypt(String text) {
    return oci.encrypt(
        reference(), SecretBytes.copyOf(text.getBytes(StandardCharsets.UTF_8)), Bytes.empty());
  }

  private KeyReference reference() {
    return KeyReference.latest(key.id().toString());
  }
}
