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
import java.time.Duration;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.openekm.api.SecretBytes;
import org.openekm.core.EkmEngine;
import org.openekm.core.store.InMemoryMetadataStore;
import org.openekm.server.EkmServer;
import org.openekm.server.http.EndpointConfig;
import org.openekm.server.http.HttpLimits;
import org.openekm.server.http.ListenerConfig;
import org.openekm.testkit.fake.FakeKeyBackend;
import org.openekm.testkit.fake.RecordingAuditSink;

/** The management API over real sockets: who is let in, and what it says to wrong requests. */
class AdminApiTest {

  private static final String CREDENTIAL = "a-credential-of-more-than-32-characters";

  private final HttpClient client = HttpClient.newHttpClient();
  private AdminResources resources;
  private EkmServer server;

  @BeforeEach
  void start() {
    EkmEngine engine =
        EkmEngine.builder()
            .store(new InMemoryMetadataStore())
            .auditSink(new RecordingAuditSink())
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
    server =
        EkmServer.builder()
            .engine(engine)
            .listenOn(EndpointConfig.of(free))
            .administerOn(free)
            .adminHandler(new AdminApi(resources, AdminCredential.of(secret(CREDENTIAL))))
            .build();
    server.start();
  }

  @AfterEach
  void stop() {
    server.stop(Duration.ZERO);
  }

  @Test
  void everyRoute_withoutCredential_is401AndDoesNothing() throws Exception {
    assertThat(resources.routes()).hasSizeGreaterThan(40);
    for (AdminRoute route : resources.routes()) {
      String path = "/" + String.join("/", route.segments()).replaceAll("[{}]", "");
      HttpResponse<String> answer = send(route.method(), path, "{}", Optional.empty());
      assertThat(answer.statusCode()).as(route.method() + " " + path).isEqualTo(401);
      assertThat(answer.headers().firstValue("WWW-Authenticate")).contains("Bearer");
      assertThat(answer.headers().firstValue("Cache-Control")).contains("no-store");
    }
    assertThat(admin("GET", "/status", "").body()).contains("\"revision\":0");
  }

  @Test
  void unknownPath_withoutCredential_is401Too_soThatNobodyLearnsThePaths() throws Exception {
    assertThat(send("GET", "/nothing/here", "", Optional.empty()).statusCode()).isEqualTo(401);
    assertThat(admin("GET", "/nothing/here", "").statusCode()).isEqualTo(404);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "Bearer",
        "Bearer a-credential-of-more-than-32-character",
        "Bearer a-credential-of-more-than-32-characters2",
        "Bearer A-credential-of-more-than-32-characters",
        "Basic a-credential-of-more-than-32-characters",
        "a-credential-of-more-than-32-characters",
        "Bearer null"
      })
  void credential_wrongInAnyWay_is401WithoutRepeatingIt(String header) throws Exception {
    HttpResponse<String> answer = send("GET", "/status", "", Optional.of(header));
    assertThat(answer.statusCode()).isEqualTo(401);
    assertThat(answer.body())
        .isEqualTo(
            "{\"type\":\"urn:openekm:problem:unauthenticated\",\"title\":\"The credential is missing or wrong\",\"status\":401,"
                + "\"detail\":\"The admin credential is missing or wrong.\"}");
  }

  @Test
  void credential_inTheQuery_letsNobodyIn() throws Exception {
    assertThat(send("GET", "/status?access_token=" + CREDENTIAL, "", Optional.empty()).statusCode())
        .isEqualTo(401);
  }

  @Test
  void credential_tooShort_isRefusedWithoutRepeatingIt() {
    assertThatThrownBy(() -> AdminCredential.of(secret("hunter2")))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("32")
        .hasMessageNotContaining("hunter2");
    assertThat(AdminCredential.of(secret(CREDENTIAL)).toString()).doesNotContain(CREDENTIAL);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "{\"name\":\"a\",\"name\":\"b\"}|400",
        "{\"name\":|400",
        "[]|400",
        "\"text\"|400",
        "{\"name\":7,\"ocid\":null,\"extra\":1}|400"
      })
  void body_wrong_isRefusedWithoutInternals(String body, int status) throws Exception {
    HttpResponse<String> answer = admin("POST", "/tenancies", body);
    assertThat(answer.statusCode()).isEqualTo(status);
    assertNoInternals(answer.body());
  }

  @Test
  void body_severalMistakes_areAllNamed() throws Exception {
    assertThat(admin("POST", "/tenancies", "{\"name\":7,\"extra\":1}").body())
        .contains("\"field\":\"name\"", "\"field\":\"ocid\"", "\"field\":\"extra\"");
  }

  @Test
  void body_deeplyNested_isRefusedWithoutInternals() throws Exception {
    HttpResponse<String> answer =
        admin("POST", "/tenancies", "{\"name\":" + "[".repeat(60_000) + "]".repeat(60_000) + "}");
    assertThat(answer.statusCode()).isEqualTo(400);
    assertNoInternals(answer.body());
  }

  @ParameterizedTest
  @CsvSource({"DELETE, /status, GET", "PUT, /vaults, 'GET, POST'", "GET, /keys/x/block, POST"})
  void method_wrong_is405AndNamesTheRightOnes(String method, String path, String allowed)
      throws Exception {
    HttpResponse<String> answer = admin(method, path, "");
    assertThat(answer.statusCode()).isEqualTo(405);
    assertThat(answer.headers().firstValue("Allow")).contains(allowed);
  }

  @ParameterizedTest
  @ValueSource(strings = {"/keys/x%2F..%2Fy", "/keys/%00", "/vaults/..;/keys", "/keys/'--"})
  void name_hostile_isNotFoundWithoutInternals(String path) throws Exception {
    HttpResponse<String> answer = admin("GET", path, "");
    assertThat(answer.statusCode()).isIn(400, 404);
    assertNoInternals(answer.body());
  }

  @Test
  void material_wrongBase64_isNotRepeated() throws Exception {
    HttpResponse<String> answer =
        admin("POST", "/vaults/v/keys", "{\"name\":\"k\",\"material\":\"!topsecretkey!\"}");
    assertThat(answer.statusCode()).isEqualTo(400);
    assertThat(answer.body()).contains("\"field\":\"material\"").doesNotContain("topsecretkey");
  }

  @ParameterizedTest
  @CsvSource({
    "POST, /keys/k/destroy?force=yes, force",
    "POST, /keys/k/destroy?force=true&force=true, force",
    "DELETE, /vaults/v?force=1, force",
    "GET, /vaults?label=team, label",
    "GET, /vaults?label=%3Dx, label",
    "GET, /vaults?label=a%3D1&label=a%3D2, label"
  })
  void query_wrong_isRefusedByName(String method, String path, String field) throws Exception {
    HttpResponse<String> answer = admin(method, path, "");
    assertThat(answer.statusCode()).as(answer.body()).isEqualTo(400);
    assertThat(answer.body()).contains("\"field\":\"" + field + "\"");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "PUT|/keys/k/rotation|{}|rotationPeriod",
        "PUT|/keys/k/rotation|{\"rotationPeriod\":90}|rotationPeriod",
        "PUT|/keys/k/labels|{\"labels\":[\"a\"]}|labels",
        "PUT|/keys/k/labels|{\"labels\":{\"a\":1}}|labels",
        "PUT|/vaults/v/audit-success|{}|auditSuccess",
        "PUT|/vaults/v/backend|{}|backend",
        "POST|/vaults/v/keys|{\"name\":\"k\",\"wrappedMaterial\":\"AAAA\"}|wrapping",
        "POST|/vaults/v/keys|{\"name\":\"k\",\"wrapping\":\"rsa-aes-256\"}|wrappedMaterial",
        "POST|/vaults/v/keys|{\"name\":\"k\",\"wrapping\":\"aes-kwp\",\"wrappedMaterial\":\"AAAA\"}|wrappingKey",
        "POST|/vaults/v/keys|{\"name\":\"k\",\"wrapping\":\"rsa-aes-256\",\"wrappedMaterial\":\"AAAA\",\"wrappingKey\":\"v/k\"}|wrappingKey",
        "POST|/vaults/v/keys|{\"name\":\"k\",\"wrapping\":\"rsa-aes-256\",\"wrappedMaterial\":\"A*\"}|wrappedMaterial",
        "POST|/vaults/v/keys|{\"name\":\"k\",\"wrapping\":\"x\",\"wrappedMaterial\":\"A*\"}|wrapping",
        "POST|/vaults/v/keys|{\"name\":\"k\",\"material\":\"AAAA\",\"backendRef\":\"x\"}|material"
      })
  void body_ofTheLifeCycle_wrong_isRefusedByName(
      String method, String path, String body, String field) throws Exception {
    HttpResponse<String> answer = admin(method, path, body);
    assertThat(answer.statusCode()).as(answer.body()).isEqualTo(400);
    assertThat(answer.body()).contains("\"field\":\"" + field + "\"");
    assertNoInternals(answer.body());
  }

  @Test
  void importKey_isAPublicRsaKeyAndNoMore() throws Exception {
    String body = admin("GET", "/import-key", "").body();
    assertThat(body).contains("BEGIN PUBLIC KEY", "rsa-aes-256").doesNotContain("PRIVATE");
    assertThat(admin("GET", "/import-key", "").body()).isEqualTo(body);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "http://169.254.169.254/latest/meta-data",
        "http://10.0.0.1/.well-known/openid-configuration",
        "file:///etc/passwd",
        "jar:file:/x!/y",
        "https://user:pass@domain.example/x"
      })
  void issuer_urlThatIsNoPlainHttps_isRefused_soThatTheServerIsNoProxy(String url)
      throws Exception {
    HttpResponse<String> answer =
        admin("POST", "/issuers", "{\"name\":\"d\",\"discoveryUrls\":[\"" + url + "\"]}");
    assertThat(answer.statusCode()).as(answer.body()).isEqualTo(400);
    assertThat(admin("GET", "/issuers", "").body()).isEqualTo("{\"items\":[]}");
  }

  private static void assertNoInternals(String body) {
    assertThat(body)
        .doesNotContain("Exception", "org.openekm", "tools.jackson", "java.", "\\tat ", "/tmp");
  }

  private HttpResponse<String> admin(String method, String path, String body) throws Exception {
    return send(method, path, body, Optional.of("Bearer " + CREDENTIAL));
  }

  private HttpResponse<String> send(
      String method, String path, String body, Optional<String> authorization)
      throws IOException, InterruptedException {
    URI url =
        URI.create("http://127.0.0.1:" + server.adminPort().orElseThrow() + "/admin/v1" + path);
    HttpRequest.Builder request =
        HttpRequest.newBuilder(url)
            .timeout(Duration.ofSeconds(20))
            .method(method, HttpRequest.BodyPublishers.ofString(body));
    authorization.ifPresent(value -> request.header("Authorization", value));
    return client.send(request.build(), HttpResponse.BodyHandlers.ofString());
  }

  private static SecretBytes secret(String text) {
    return SecretBytes.copyOf(text.getBytes(StandardCharsets.UTF_8));
  }
}
