// SPDX-License-Identifier: Apache-2.0
package org.openekm.server.admin;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.openekm.api.SecretBytes;
import org.openekm.core.EkmEngine;
import org.openekm.core.admin.AdminVerb;
import org.openekm.core.store.InMemoryMetadataStore;
import org.openekm.server.EkmServer;
import org.openekm.server.http.EndpointConfig;
import org.openekm.server.http.HttpLimits;
import org.openekm.server.http.ListenerConfig;
import org.openekm.spi.audit.AuditEvent;
import org.openekm.spi.store.AdministratorRecord.Permission;
import org.openekm.testkit.fake.FakeKeyBackend;
import org.openekm.testkit.fake.RecordingAuditSink;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Who may do what over the management API, for every route that there is. */
@Timeout(300)
class AdministratorApiTest {

  private static final String ROOT = "a-credential-of-more-than-32-characters";
  private static final JsonMapper JSON = JsonMapper.builder().build();

  /** Lists that show what may be viewed, be it little. */
  private static final Set<String> FILTERED =
      Set.of("GET /vaults", "GET /issuers", "GET /tenancies", "GET /import-key");

  private final HttpClient client = HttpClient.newHttpClient();
  private final RecordingAuditSink sink = new RecordingAuditSink();
  private AdminResources resources;
  private EkmEngine engine;
  private EkmServer server;

  @BeforeEach
  void start() {
    engine =
        EkmEngine.builder()
            .store(new InMemoryMetadataStore())
            .auditSink(sink)
            .backend("main", new FakeKeyBackend())
            .build();
    resources =
        AdminResources.of(
            engine.admin(),
            new AdminResources.Defaults(Set.of("main"), "/ekm/v1", Optional.empty()),
            engine::revision,
            engine::checks);
    ListenerConfig free =
        new ListenerConfig("127.0.0.1", 0, Optional.empty(), HttpLimits.defaults());
    SecretBytes root = SecretBytes.copyOf(ROOT.getBytes(StandardCharsets.UTF_8));
    server =
        EkmServer.builder()
            .engine(engine)
            .listenOn(EndpointConfig.of(free))
            .administerOn(free)
            .adminHandler(new AdminApi(resources, AdminCredential.of(root), 3))
            .build();
    server.start();
  }

  @AfterEach
  void stop() {
    sink.recover();
    server.stop(Duration.ZERO);
  }

  @ParameterizedTest
  @EnumSource(AdminVerb.class)
  void everyRoute_withoutItsVerb_is403ThatNamesTheVerbAndChangesNothing(AdminVerb verb)
      throws Exception {
    String credential = add("all-but-one", grants(verb));
    long revision = engine.revision();
    int routes = 0;
    for (AdminRoute route : resources.routes()) {
      if (route.verb() == verb) {
        routes++;
        HttpResponse<String> answer =
            send(credential, route.method(), path(route), "not even JSON");
        assertRefusal(answer, route);
        assertThat(sink.events().get(sink.events().size() - 1).action()).isEqualTo(route.action());
      }
    }
    assertThat(routes).as("routes of " + verb).isPositive();
    assertThat(engine.revision()).isEqualTo(revision);
  }

  /** Shows that the verb of each route is the one that its use case asks for. */
  @Test
  void everyRoute_withAllVerbsForAnotherVaultOnly_is403ThatNamesTheVerbAndChangesNothing()
      throws Exception {
    Map<String, String> ids = setUp();
    String credential =
        add(
            "other",
            Arrays.stream(Permission.values())
                .filter(each -> each != Permission.BLOCK_ONLY)
                .map(each -> spelled(each) + "@other")
                .toList());
    long revision = engine.revision();
    int refused = 0;
    for (AdminRoute route : resources.routes()) {
      String name = route.method() + " /" + String.join("/", route.segments());
      HttpResponse<String> answer =
          send(credential, route.method(), filled(route, ids), body(route));
      if (FILTERED.contains(name)) {
        assertThat(answer.statusCode()).as(name).isEqualTo(200);
        assertThat(answer.body()).as(name).doesNotContain("payments");
      } else {
        assertRefusal(answer, route);
        refused++;
      }
    }
    assertThat(refused).isGreaterThan(45);
    assertThat(engine.revision()).isEqualTo(revision);
  }

  @Test
  void list_showsOnlyWhatMayBeViewed() throws Exception {
    setUp();
    String credential = add("viewer", List.of("view@other"));
    assertThat(names(send(credential, "GET", "/vaults", ""))).containsExactly("other");
    assertThat(names(send(ROOT, "GET", "/vaults", ""))).containsExactly("other", "payments");
    assertThat(names(send(credential, "GET", "/issuers", ""))).containsExactly("domain");
    assertThat(send(credential, "GET", "/issuers/unused", "").statusCode()).isEqualTo(403);
    assertThat(send(credential, "GET", "/vaults/payments", "").statusCode()).isEqualTo(403);
    assertThat(send(credential, "GET", "/vaults/other/keys", "").statusCode()).isEqualTo(200);
  }

  @Test
  void credential_isShownOnceAndNeverAgain() throws Exception {
    HttpResponse<String> added =
        send(ROOT, "POST", "/administrators", "{\"name\":\"kim\",\"grants\":[\"view\"]}");
    assertThat(added.statusCode()).isEqualTo(201);
    String credential = JSON.readTree(added.body()).path("credential").asString();
    String secret = credential.substring(credential.lastIndexOf('.') + 1);
    assertThat(send(credential, "GET", "/vaults", "").statusCode()).isEqualTo(200);
    for (String path : List.of("/administrators", "/administrators/kim", "/status")) {
      assertThat(send(ROOT, "GET", path, "").body()).doesNotContain(secret, "hash", "salt");
    }
    assertThat(sink.events().toString()).doesNotContain(secret);
  }

  @Test
  void rotate_thenRemove_theOldOneWorksForTheOverlapAndNothingWorksAfterRemoval() throws Exception {
    String first = add("kim", List.of("view"));
    String second =
        JSON.readTree(
                send(ROOT, "POST", "/administrators/kim/rotate", "{\"overlap\":\"1h\"}").body())
            .path("credential")
            .asString();
    assertThat(send(first, "GET", "/vaults", "").statusCode()).isEqualTo(200);
    assertThat(send(second, "GET", "/vaults", "").statusCode()).isEqualTo(200);
    assertThat(
            send(ROOT, "POST", "/administrators/kim/rotate", "{\"overlap\":\"0s\"}").statusCode())
        .isEqualTo(200);
    assertThat(send(first, "GET", "/vaults", "").statusCode()).isEqualTo(401);
    assertThat(send(second, "GET", "/vaults", "").statusCode()).isEqualTo(401);
    assertThat(send(ROOT, "DELETE", "/administrators/kim", "").statusCode()).isEqualTo(200);
    assertThat(send(ROOT, "GET", "/administrators/kim", "").statusCode()).isEqualTo(404);
  }

  @Test
  void grants_wrong_areAllNamed() throws Exception {
    HttpResponse<String> answer =
        send(
            ROOT,
            "POST",
            "/administrators",
            "{\"name\":\"kim\",\"grants\":[\"VIEW\",\"view@\",\"\",\"root\"],\"certificate\":\"x\"}");
    assertThat(answer.statusCode()).isEqualTo(400);
    assertThat(JSON.readTree(answer.body()).path("errors")).hasSize(5);
    assertThat(engine.revision()).isZero();
  }

  /** The credential that lies in a safe must work on the worst of days. */
  @Test
  void blockOnly_auditDown_blocksAndSaysThatItIsNotRecorded() throws Exception {
    setUp();
    String paper = add("paper", List.of("block-only"));
    sink.fail();
    HttpResponse<String> answer = send(paper, "POST", "/vaults/payments/block", "{}");
    sink.recover();
    assertThat(answer.statusCode()).isEqualTo(503);
    assertThat(answer.body()).contains("in force");
    assertThat(
            JSON.readTree(send(ROOT, "GET", "/vaults/payments", "").body())
                .path("blocked")
                .asBoolean())
        .isTrue();
    HttpResponse<String> unblock = send(paper, "POST", "/vaults/payments/unblock", "{}");
    assertThat(unblock.statusCode()).isEqualTo(403);
    assertThat(JSON.readTree(unblock.body()).path("verb").asString()).isEqualTo("block");
  }

  @Test
  void wrongCredentials_tooMany_are429ForTheirAddressOnly() throws Exception {
    for (int i = 0; i < 3; i++) {
      assertThat(send("wrong", "GET", "/vaults", "").statusCode()).isEqualTo(401);
    }
    HttpResponse<String> limited = send("wrong", "GET", "/vaults", "");
    assertThat(limited.statusCode()).isEqualTo(429);
    assertThat(limited.headers().firstValue("Content-Type")).contains("application/problem+json");
    int wait = Integer.parseInt(limited.headers().firstValue("Retry-After").orElseThrow());
    assertThat(wait).isBetween(1, 60);
    assertThat(send(ROOT, "GET", "/vaults", "").statusCode()).isEqualTo(429);
    assertThat(fromOtherAddress()).startsWith("HTTP/1.1 200");
  }

  @Test
  void guessedCredentials_areInTheAuditWithoutTheirSecret() throws Exception {
    String secret = "A".repeat(43);
    String id = "0d7e7a3e-41d4-4f59-9a6b-000000000001";
    send("ekm." + id + "." + secret, "GET", "/vaults", "");
    send("wrong", "GET", "/vaults", "");
    send("wrong", "GET", "/vaults", "");
    send("wrong", "GET", "/vaults", "");

    List<AuditEvent> events = sink.events("admin.log-in");
    assertThat(events).hasSize(3);
    assertThat(events.get(0).details())
        .containsEntry("credential", id)
        .containsEntry("source", "127.0.0.1")
        .doesNotContainKey("heldBack");
    assertThat(events.get(0).outcome()).isEqualTo("TOKEN_INVALID");
    assertThat(events.get(2).details()).containsEntry("heldBack", "true");
    assertThat(events.toString()).doesNotContain(secret);
  }

  @Test
  void guessedCredentials_auditDown_areRefusedAllTheSame() throws Exception {
    sink.fail();
    assertThat(send("wrong", "GET", "/vaults", "").statusCode()).isEqualTo(401);
    sink.recover();
  }

  @Test
  void floodOfRequestsWithoutCredential_fillsNoDisk() throws Exception {
    for (int i = 0; i < 80; i++) {
      assertThat(sendWithout("/vaults").statusCode()).isEqualTo(401);
    }
    assertThat(sink.events("admin.log-in")).hasSize(60);
    assertThat(sink.events("admin.log-in").get(0).outcome()).isEqualTo("TOKEN_MISSING");
  }

  /** Another address of this machine's loopback network. */
  private String fromOtherAddress() throws Exception {
    try (java.net.Socket socket = new java.net.Socket()) {
      socket.bind(new java.net.InetSocketAddress("127.0.0.2", 0));
      socket.connect(
          new java.net.InetSocketAddress("127.0.0.1", server.adminPort().orElseThrow()), 20_000);
      socket.setSoTimeout(20_000);
      socket
          .getOutputStream()
          .write(
              ("GET /admin/v1/vaults HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer "
                      + ROOT
                      + "\r\nConnection: close\r\n\r\n")
                  .getBytes(StandardCharsets.US_ASCII));
      return new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    }
  }

  private static void assertRefusal(HttpResponse<String> answer, AdminRoute route) {
    assertThat(answer.statusCode()).as(route.action() + ": " + answer.body()).isEqualTo(403);
    assertThat(answer.headers().firstValue("Content-Type")).contains("application/problem+json");
    assertThat(JSON.readTree(answer.body()).path("verb").asString())
        .as(route.action() + ": " + answer.body())
        .isEqualTo(route.verb().word());
  }

  /** Makes two vaults with a key each, and an issuer that none of them uses; returns names. */
  private Map<String, String> setUp() throws Exception {
    root("/issuers", "{\"name\":\"domain\",\"discoveryUrls\":[\"https://127.0.0.1:1/\"]}");
    root("/issuers", "{\"name\":\"unused\",\"discoveryUrls\":[\"https://127.0.0.1:1/x\"]}");
    root("/tenancies", "{\"name\":\"acme\",\"ocid\":\"ocid1.tenancy.oc1..aaaa\"}");
    root("/tenancies", "{\"name\":\"unused\",\"ocid\":\"ocid1.tenancy.oc1..bbbb\"}");
    for (String vault : List.of("payments", "other")) {
      root(
          "/vaults",
          "{\"name\":\"%s\",\"tenancy\":\"acme\",\"issuer\":\"domain\",\"clientId\":\"c\",\"host\":\"h\"}"
              .formatted(vault));
    }
    add("somebody", List.of());
    String key = root("/vaults/payments/keys", "{\"name\":\"k\"}").path("externalKeyId").asString();
    return Map.of(
        "vault", "payments",
        "name", "k",
        "key", key,
        "issuer", "unused",
        "tenancy", "unused",
        "version", "1",
        "administrator", "somebody");
  }

  private JsonNode root(String path, String body) throws Exception {
    HttpResponse<String> answer = send(ROOT, "POST", path, body);
    assertThat(answer.statusCode()).as(answer.body()).isEqualTo(201);
    return JSON.readTree(answer.body());
  }

  private static String filled(AdminRoute route, Map<String, String> names) {
    List<String> segments = new ArrayList<>();
    for (String segment : route.segments()) {
      String name = segment.replaceAll("[{}]", "");
      segments.add(segment.equals(name) ? segment : names.get(name));
    }
    return "/" + String.join("/", segments);
  }

  private static String path(AdminRoute route) {
    return "/" + String.join("/", route.segments()).replaceAll("[{}]", "");
  }

  /** A body that the route can read, so that nothing but the missing verb is wrong. */
  private static String body(AdminRoute route) {
    if (!route.method().equals("POST") && !route.method().equals("PUT")) {
      return "";
    }
    return switch (route.segments().get(route.segments().size() - 1)) {
      case "dead-man" -> "{\"period\":\"36h\"}";
      case "issuers" -> "{\"name\":\"x\",\"discoveryUrls\":[\"https://127.0.0.1:1/\"]}";
      case "tenancies" -> "{\"name\":\"x\",\"ocid\":\"ocid1.tenancy.oc1..cccc\"}";
      case "vaults" ->
          "{\"name\":\"x\",\"tenancy\":\"acme\",\"issuer\":\"domain\",\"clientId\":\"c\",\"host\":\"h\"}";
      case "keys", "administrators" -> "{\"name\":\"x\"}";
      case "labels" -> "{\"labels\":{}}";
      case "audit-success" -> "{\"auditSuccess\":false}";
      case "backend" -> "{\"backend\":\"software\"}";
      case "rotation" -> "{\"rotationPeriod\":\"90d\"}";
      case "policy" -> "{\"policy\":\"{\\\"rules\\\": []}\"}";
      case "schedule-deletion" -> "{\"after\":\"7d\"}";
      case "grant", "revoke" -> "{\"grants\":[\"view@other\"]}";
      default -> "{}";
    };
  }

  private static List<String> grants(AdminVerb without) {
    return Arrays.stream(Permission.values())
        .map(AdministratorApiTest::spelled)
        .filter(each -> !each.startsWith(without.word()))
        .toList();
  }

  private static String spelled(Permission permission) {
    return permission.name().toLowerCase(Locale.ROOT).replace('_', '-');
  }

  private String add(String name, List<String> grants) throws Exception {
    return root("/administrators", JSON.writeValueAsString(Map.of("name", name, "grants", grants)))
        .path("credential")
        .asString();
  }

  private static List<String> names(HttpResponse<String> answer) {
    List<String> names = new ArrayList<>();
    JSON.readTree(answer.body())
        .path("items")
        .forEach(item -> names.add(item.path("name").asString()));
    return names;
  }

  private HttpResponse<String> sendWithout(String path) throws Exception {
    URI url =
        URI.create("http://127.0.0.1:" + server.adminPort().orElseThrow() + "/admin/v1" + path);
    return client.send(
        HttpRequest.newBuilder(url).timeout(Duration.ofSeconds(30)).build(),
        HttpResponse.BodyHandlers.ofString());
  }

  private HttpResponse<String> send(String credential, String method, String path, String body)
      throws Exception {
    URI url =
        URI.create("http://127.0.0.1:" + server.adminPort().orElseThrow() + "/admin/v1" + path);
    return client.send(
        HttpRequest.newBuilder(url)
            .timeout(Duration.ofSeconds(30))
            .header("Authorization", "Bearer " + credential)
            .method(method, HttpRequest.BodyPublishers.ofString(body))
            .build(),
        HttpResponse.BodyHandlers.ofString());
  }
}
