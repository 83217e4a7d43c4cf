// SPDX-License-Identifier: Apache-2.0
package org.openekm.server.admin;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.openekm.api.SecretBytes;
import org.openekm.core.EkmEngine;
import org.openekm.core.admin.ApprovalPolicy;
import org.openekm.core.store.InMemoryMetadataStore;
import org.openekm.server.EkmServer;
import org.openekm.server.http.EndpointConfig;
import org.openekm.server.http.HttpLimits;
import org.openekm.server.http.ListenerConfig;
import org.openekm.server.metrics.ServerMetrics;
import org.openekm.testkit.fake.FakeKeyBackend;
import org.openekm.testkit.fake.FaultyKeyBackend;
import org.openekm.testkit.fake.FaultyMetadataStore;
import org.openekm.testkit.fake.RecordingAuditSink;
import tools.jackson.databind.json.JsonMapper;

/** A server with a management API on a real socket, over a store and a backend in memory. */
final class AdminFixture implements AutoCloseable {

  static final String ALLOW = "{\"rules\": [{\"name\": \"all\", \"effect\": \"allow\"}]}";

  private static final String CREDENTIAL = "a-credential-of-more-than-32-characters";

  final FakeKeyBackend device = new FakeKeyBackend();
  final FaultyKeyBackend backend = new FaultyKeyBackend(device);
  final FaultyMetadataStore store = new FaultyMetadataStore(new InMemoryMetadataStore());
  final AdminResources resources;

  private final HttpClient client = HttpClient.newHttpClient();
  private final ServerMetrics metrics = new ServerMetrics();
  private final EkmServer server;

  AdminFixture() {
    this(ApprovalPolicy.none());
  }

  AdminFixture(ApprovalPolicy approvals) {
    EkmEngine engine =
        EkmEngine.builder()
            .store(store)
            .auditSink(new RecordingAuditSink())
            .backend("main", backend)
            .approvals(approvals)
            .build();
    resources =
        AdminResources.of(
            engine.admin(),
            new AdminResources.Defaults(Set.of("main"), "/ekm/v1", Optional.empty()),
            engine::revision,
            engine::checks);
    ListenerConfig free =
        new ListenerConfig("127.0.0.1", 0, Optional.empty(), HttpLimits.defaults());
    server =
        EkmServer.builder()
            .engine(engine)
            .listenOn(EndpointConfig.of(free))
            .administerOn(free)
            .adminHandler(
                new AdminApi(
                    resources,
                    AdminCredential.of(
                        SecretBytes.copyOf(CREDENTIAL.getBytes(StandardCharsets.UTF_8))),
                    0))
            .metrics(metrics)
            .build();
    server.start();
  }

  /** Makes an issuer {@code domain}, a tenancy {@code acme} and a vault {@code payments}. */
  AdminFixture withVault() throws IOException, InterruptedException {
    created(
        "/issuers",
        "{\"name\":\"domain\",\"jwksUrls\":[\"https://127.0.0.1:1/keys\"],\"acceptedIssuers\":[\"https://d/\"]}");
    created("/tenancies", "{\"name\":\"acme\",\"ocid\":\"ocid1.tenancy.oc1..aaaa\"}");
    created("/vaults", vault("payments"));
    return this;
  }

  static String vault(String name) {
    return "{\"name\":\""
        + name
        + "\",\"tenancy\":\"acme\",\"issuer\":\"domain\",\"clientId\":\"abc\",\"host\":\"ekm.example\"}";
  }

  void created(String path, String body) throws IOException, InterruptedException {
    HttpResponse<String> answer = admin("POST", path, body, Map.of());
    if (answer.statusCode() != 201) {
      throw new AssertionError("POST " + path + " gave " + answer.body());
    }
  }

  /** Sends a request below {@code /admin/v1} with the credential. */
  HttpResponse<String> admin(String method, String path, String body, Map<String, String> headers)
      throws IOException, InterruptedException {
    return send(method, "/admin/v1" + path, body, headers, true);
  }

  /** Returns the External Key ID of a key in {@code payments}. */
  String keyId(String name) throws IOException, InterruptedException {
    return JsonMapper.shared()
        .readTree(get("/vaults/payments/keys/" + name).body())
        .path("externalKeyId")
        .asString();
  }

  HttpResponse<String> get(String path) throws IOException, InterruptedException {
    return admin("GET", path, "", Map.of());
  }

  HttpResponse<String> send(
      String method, String path, String body, Map<String, String> headers, boolean credential)
      throws IOException, InterruptedException {
    HttpRequest.Builder request =
        HttpRequest.newBuilder(
                URI.create("http://127.0.0.1:" + server.adminPort().orElseThrow() + path))
            .timeout(Duration.ofSeconds(30))
            .method(method, HttpRequest.BodyPublishers.ofString(body));
    headers.forEach(request::header);
    if (credential) {
      request.header("Authorization", "Bearer " + CREDENTIAL);
    }
    return client.send(request.build(), HttpResponse.BodyHandlers.ofString());
  }

  @Override
  public void close() {
    server.stop(Duration.ZERO);
    metrics.close();
  }
}
