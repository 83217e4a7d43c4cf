// SPDX-License-Identifier: Apache-2.0
package org.openekm.docs.samples;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.openekm.api.Bytes;
import org.openekm.api.RequestId;
import org.openekm.api.SecretBytes;
import org.openekm.core.EkmEngine;
import org.openekm.core.admin.AdminContext;
import org.openekm.core.admin.AdminIdentity;
import org.openekm.core.admin.NewIssuer;
import org.openekm.core.admin.NewKeyCommand;
import org.openekm.core.admin.NewVault;
import org.openekm.server.EkmServer;
import org.openekm.server.http.EndpointConfig;
import org.openekm.server.http.HttpLimits;
import org.openekm.server.http.ListenerConfig;
import org.openekm.server.http.TlsConfig;
import org.openekm.spi.store.KeyRecord;
import org.openekm.spi.store.VaultRecord;
import org.openekm.testkit.fake.RecordingAuditSink;
import org.openekm.testkit.fake.TestCertificate.PemFiles;
import org.openekm.testkit.fake.TestCertificates;
import org.openekm.testkit.oci.FakeIdentityDomain;
import org.openekm.testkit.oci.KeyReference;
import org.openekm.testkit.oci.OAuthApp;
import org.openekm.testkit.oci.OciCaller;
import org.openekm.testkit.oci.OciCiphertext;

/** A vendor without an HTTP server of its own puts ours before the core: HTTPS all the way. */
final class EmbedServerTest {
  private static final AdminContext ADMIN =
      new AdminContext(
          AdminIdentity.root("acme-installer"), new RequestId("install"), Optional.empty());

  private final TestCertificates authority = TestCertificates.create();
  private FakeIdentityDomain domain;
  private EkmEngine engine;
  private EkmServer server;

  @TempDir Path folder;

  @BeforeEach
  void start() {
    domain = FakeIdentityDomain.builder().tls(authority.server()).start();
    engine =
        EkmEngine.builder()
            .backend("acme", new AcmeKeyBackend(new ConcurrentHashMap<>(), new SecureRandom()))
            .store(new AcmeMetadataStore())
            .auditSink(new RecordingAuditSink())
            .identityDomainTls(authority.clientContext())
            .build();
    PemFiles files = authority.server().writePem(folder);
    server = startServer(files.certificate(), files.privateKey());
  }

  private EkmServer startServer(Path certificate, Path privateKey) {
    // snippet: server
    TlsConfig tls =
        new TlsConfig(
            new TlsConfig.Pem(certificate, privateKey, Optional.empty()), Duration.ofSeconds(10));
    ListenerConfig forOci =
        new ListenerConfig("127.0.0.1", 0, Optional.of(tls), HttpLimits.defaults());
    ListenerConfig forAdministrators =
        new ListenerConfig("127.0.0.1", 0, Optional.empty(), HttpLimits.defaults());
    EkmServer server =
        EkmServer.builder()
            .endpoint(engine.endpoint())
            .listenOn(EndpointConfig.of(forOci))
            .administerOn(forAdministrators)
            .checks(engine::checks)
            .onStop(engine::close)
            .build();
    server.start();
    // end snippet
    return server;
  }

  @AfterEach
  void stop() {
    server.close();
    domain.close();
  }

  @Test
  void encryptAndDecrypt_overHttps_giveThePlaintextBack() {
    OAuthApp client =
        domain.addClientApp("oci", domain.addResourceApp("acme", "https://127.0.0.1/"));
    VaultRecord vault = newVault(client);
    KeyRecord key =
        engine
            .admin()
            .keys()
            .create(ADMIN, new NewKeyCommand("payments", "bucket-key", 32, Optional.empty()))
            .key();
    Awaitility.await().until(() -> engine.checks().get("tokens").healthy());
    URI url = URI.create("https://127.0.0.1:" + server.port() + "/ekm/v1/vaults/" + vault.id());
    OciCaller oci =
        OciCaller.builder(url, () -> domain.token(client).serialize())
            .trust(authority.clientContext())
            .build();
    KeyReference reference = KeyReference.latest(key.id().toString());
    SecretBytes plaintext = SecretBytes.copyOf("data key".getBytes(StandardCharsets.UTF_8));

    OciCiphertext sealed = oci.encrypt(reference, plaintext, Bytes.empty()).orThrow();
    SecretBytes opened = oci.decrypt(reference, sealed, Bytes.empty()).orThrow();

    assertThat(opened.toByteArray()).asString().isEqualTo("data key");
  }

  @Test
  void health_isReadyOnTheListenerForAdministrators() throws Exception {
    URI ready =
        URI.create("http://127.0.0.1:" + server.adminPort().orElseThrow() + "/health/ready");

    HttpResponse<String> answer =
        HttpClient.newHttpClient()
            .send(HttpRequest.newBuilder(ready).build(), HttpResponse.BodyHandlers.ofString());

    assertThat(answer.statusCode()).isEqualTo(200);
    assertThat(answer.body()).contains("\"backend.acme\":\"ok\"", "\"audit\":\"ok\"");
  }

  private VaultRecord newVault(OAuthApp client) {
    NewIssuer issuer =
        new NewIssuer(
            "my-domain",
            List.of(domain.discoveryUrl().toString()),
            List.of(),
            Set.of(domain.tenantIssuer()),
            Optional.empty());
    engine.admin().issuers().create(ADMIN, issuer);
    engine.admin().tenancies().create(ADMIN, "customer", "ocid1.tenancy.oc1..aaaaexample");
    NewVault vault =
        new NewVault(
            "payments",
            "customer",
            new NewVault.Access("my-domain", client.clientId(), Set.of(), Set.of()),
            new VaultRecord.Endpoint("127.0.0.1", 443, "/ekm/v1"),
            "acme",
            Optional.empty(),
            true,
            NewVault.Options.none());
    return engine.admin().vaults().create(ADMIN, vault);
  }
}
