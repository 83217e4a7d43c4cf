// SPDX-License-Identifier: Apache-2.0
package org.openekm.server.admin;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import javax.net.ssl.SSLContext;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.openekm.api.SecretBytes;
import org.openekm.core.EkmEngine;
import org.openekm.core.store.InMemoryMetadataStore;
import org.openekm.server.EkmServer;
import org.openekm.server.http.EndpointConfig;
import org.openekm.server.http.HttpLimits;
import org.openekm.server.http.ListenerConfig;
import org.openekm.server.http.TlsConfig;
import org.openekm.testkit.fake.FakeKeyBackend;
import org.openekm.testkit.fake.RecordingAuditSink;
import org.openekm.testkit.fake.TestCertificate;
import org.openekm.testkit.fake.TestCertificates;
import tools.jackson.databind.json.JsonMapper;

/** Administrators who prove by a TLS client certificate who they are, over real TLS. */
@Timeout(300)
class AdminClientCertificateTest {

  private static final String ROOT = "a-credential-of-more-than-32-characters";
  private static final JsonMapper JSON = JsonMapper.builder().build();
  private static final TestCertificates SERVERS = TestCertificates.create();
  private static final TestCertificates CLIENTS = TestCertificates.create();

  @TempDir private Path folder;
  private EkmServer server;

  private void start(boolean required) {
    EkmEngine engine =
        EkmEngine.builder()
            .store(new InMemoryMetadataStore())
            .auditSink(new RecordingAuditSink())
            .backend("main", new FakeKeyBackend())
            .build();
    AdminResources resources =
        AdminResources.of(
            engine.admin(),
            new AdminResources.Defaults(Set.of("main"), "/ekm/v1", Optional.empty()),
            engine::revision,
            engine::checks);
    TestCertificate.PemFiles files = SERVERS.server().writePem(folder);
    TlsConfig tls =
        new TlsConfig(
            new TlsConfig.Pem(files.certificate(), files.privateKey(), Optional.empty()),
            Duration.ofMinutes(1),
            Optional.of(
                new TlsConfig.Clients(
                    CLIENTS.writeCaPem(folder.resolve("clients.pem")), required)));
    SecretBytes root = SecretBytes.copyOf(ROOT.getBytes(StandardCharsets.UTF_8));
    server =
        EkmServer.builder()
            .engine(engine)
            .listenOn(
                EndpointConfig.of(
                    new ListenerConfig("127.0.0.1", 0, Optional.empty(), HttpLimits.defaults())))
            .administerOn(
                new ListenerConfig("127.0.0.1", 0, Optional.of(tls), HttpLimits.defaults()))
            .adminHandler(new AdminApi(resources, AdminCredential.of(root)))
            .build();
    server.start();
  }

  @AfterEach
  void stop() {
    server.stop(Duration.ZERO);
  }

  @Test
  void certificate_ofAnAdministrator_isThem() throws Exception {
    start(false);
    TestCertificate kim = CLIENTS.client("kim");
    add("kim", kim);
    assertThat(get(kim.clientContext(SERVERS), Optional.empty(), "/vaults")).isEqualTo(200);
    assertThat(get(kim.clientContext(SERVERS), Optional.empty(), "/nothing")).isEqualTo(404);
  }

  @Test
  void certificate_ofTheRightAuthorityButNobodys_is401() throws Exception {
    start(false);
    add("kim", CLIENTS.client("kim"));
    SSLContext twin = CLIENTS.client("kim").clientContext(SERVERS);
    assertThat(get(twin, Optional.empty(), "/vaults")).isEqualTo(401);
  }

  @Test
  void certificate_ofAnotherAuthority_isNotEvenConnected() throws Exception {
    start(false);
    TestCertificate stranger = TestCertificates.create().client("kim");
    add("kim", stranger);
    assertThatThrownBy(() -> get(stranger.clientContext(SERVERS), Optional.empty(), "/vaults"))
        .isInstanceOf(IOException.class);
  }

  @Test
  void certificate_expired_isNotEvenConnected() throws Exception {
    start(false);
    TestCertificate old = CLIENTS.client("kim", Duration.ofDays(-9), Duration.ofDays(-1));
    add("kim", old);
    assertThatThrownBy(() -> get(old.clientContext(SERVERS), Optional.empty(), "/vaults"))
        .isInstanceOf(IOException.class);
  }

  @Test
  void noCertificate_optional_needsACredential() throws Exception {
    start(false);
    assertThat(get(SERVERS.clientContext(), Optional.empty(), "/vaults")).isEqualTo(401);
    assertThat(get(SERVERS.clientContext(), Optional.of(ROOT), "/vaults")).isEqualTo(200);
  }

  @Test
  void noCertificate_required_isNotEvenConnected() {
    start(true);
    assertThatThrownBy(() -> get(SERVERS.clientContext(), Optional.of(ROOT), "/vaults"))
        .isInstanceOf(IOException.class);
  }

  @Test
  void certificateBesideAWrongCredential_is401() throws Exception {
    start(false);
    TestCertificate kim = CLIENTS.client("kim");
    add("kim", kim);
    assertThat(get(kim.clientContext(SERVERS), Optional.of("wrong"), "/vaults")).isEqualTo(401);
  }

  @Test
  void remove_worksAtOnce_onAConnectionThatIsOpen() throws Exception {
    start(false);
    TestCertificate kim = CLIENTS.client("kim");
    add("kim", kim);
    HttpClient open = HttpClient.newBuilder().sslContext(kim.clientContext(SERVERS)).build();
    assertThat(send(open, "GET", Optional.empty(), "/vaults", "").statusCode()).isEqualTo(200);
    HttpClient root = HttpClient.newBuilder().sslContext(SERVERS.clientContext()).build();
    assertThat(send(root, "DELETE", Optional.of(ROOT), "/administrators/kim", "").statusCode())
        .isEqualTo(200);
    assertThat(send(open, "GET", Optional.empty(), "/vaults", "").statusCode()).isEqualTo(401);
  }

  private void add(String name, TestCertificate certificate) throws Exception {
    HttpClient root = HttpClient.newBuilder().sslContext(SERVERS.clientContext()).build();
    String body =
        JSON.writeValueAsString(Map.of("name", name, "certificate", certificate.chainPem()));
    HttpResponse<String> added = send(root, "POST", Optional.of(ROOT), "/administrators", body);
    assertThat(added.statusCode()).as(added.body()).isEqualTo(201);
    assertThat(added.body()).doesNotContain("\"credential\":").contains("fingerprint");
    HttpResponse<String> granted =
        send(
            root,
            "POST",
            Optional.of(ROOT),
            "/administrators/" + name + "/grant",
            "{\"grants\":[\"view\"]}");
    assertThat(granted.statusCode()).as(granted.body()).isEqualTo(200);
  }

  private int get(SSLContext context, Optional<String> credential, String path) throws Exception {
    HttpClient client = HttpClient.newBuilder().sslContext(context).build();
    return send(client, "GET", credential, path, "").statusCode();
  }

  private HttpResponse<String> send(
      HttpClient client, String method, Optional<String> credential, String path, String body)
      throws Exception {
    URI url =
        URI.create("https://127.0.0.1:" + server.adminPort().orElseThrow() + "/admin/v1" + path);
    HttpRequest.Builder request =
        HttpRequest.newBuilder(url)
            .timeout(Duration.ofSeconds(30))
            .method(method, HttpRequest.BodyPublishers.ofString(body));
    credential.ifPresent(text -> request.header("Authorization", "Bearer " + text));
    return client.send(request.build(), HttpResponse.BodyHandlers.ofString());
  }
}
