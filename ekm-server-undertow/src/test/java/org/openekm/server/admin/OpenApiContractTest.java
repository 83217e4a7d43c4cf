// SPDX-License-Identifier: Apache-2.0
package org.openekm.server.admin;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.reflect.Method;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyPairGenerator;
import java.security.PublicKey;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.openekm.api.KeyState;
import org.openekm.api.SecretBytes;
import org.openekm.core.admin.ApprovalPolicy;
import org.openekm.core.admin.ApprovedAction;
import org.openekm.spi.backend.BackendKeyRef;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.dataformat.yaml.YAMLMapper;

/** docs/openapi.yaml and the server say the same, found out by asking the server everything. */
class OpenApiContractTest {

  private static final Path FILE = Path.of("../docs/openapi.yaml");
  private static final Set<String> METHODS = Set.of("get", "post", "put", "delete");

  private AdminFixture fixture = new AdminFixture();
  private final JsonNode document;
  private final SchemaCheck check;
  private final Set<String> walked = new TreeSet<>();

  OpenApiContractTest() throws Exception {
    document = YAMLMapper.builder().build().readTree(Files.readString(FILE));
    check = new SchemaCheck(document);
  }

  @AfterEach
  void stop() {
    fixture.close();
  }

  @Test
  void routes_areExactlyThoseOfTheDocument() {
    Set<String> routes =
        fixture.resources.routes().stream()
            .map(route -> route.method() + " /admin/v1/" + String.join("/", route.segments()))
            .collect(Collectors.toCollection(TreeSet::new));
    Set<String> documented = operations();
    documented.removeIf(operation -> !operation.contains(" /admin/v1/"));

    assertThat(minus(routes, documented))
        .as(
            "routes that docs/openapi.yaml does not have: add each under paths, with operationId, tags, summary,"
                + " parameters, requestBody and responses as its neighbours have them, and a step to"
                + " OpenApiContractTest.walk")
        .isEmpty();
    assertThat(minus(documented, routes))
        .as("operations of docs/openapi.yaml that the server does not have: remove or correct them")
        .isEmpty();
  }

  @Test
  void document_isAnsweredAsItStandsInTheSources_andOnlyWithTheCredential() throws Exception {
    HttpResponse<String> answer = fixture.send("GET", "/openapi.yaml", "", Map.of(), true);
    assertThat(answer.statusCode()).isEqualTo(200);
    assertThat(answer.headers().firstValue("Content-Type")).contains("application/yaml");
    assertThat(answer.body()).isEqualTo(Files.readString(FILE));
    assertThat(fixture.send("GET", "/openapi.yaml", "", Map.of(), false).statusCode())
        .isEqualTo(401);
    assertThat(fixture.send("POST", "/openapi.yaml", "", Map.of(), true).statusCode())
        .isEqualTo(404);
  }

  @Test
  void operationIds_areUnique_andPathNamesAreDeclared() {
    List<String> ids =
        operations().stream().map(each -> operation(each).path("operationId").asString()).toList();
    assertThat(ids).doesNotHaveDuplicates().doesNotContain("");
    document
        .path("paths")
        .properties()
        .forEach(
            path -> {
              String template = path.getKey();
              for (JsonNode each : path.getValue().path("parameters")) {
                template =
                    template.replace("{" + check.resolved(each).path("name").asString() + "}", "x");
              }
              assertThat(template).as(path.getKey()).doesNotContain("{");
            });
  }

  @Test
  void states_areThoseOfKeys() {
    assertThat(texts(document.at("/components/schemas/KeyState/enum")))
        .containsExactlyElementsOf(Arrays.stream(KeyState.values()).map(KeyState::name).toList());
  }

  @Test
  void problemTypes_areThoseThatTheServerHas() throws Exception {
    Set<String> given =
        Arrays.stream(ProblemType.values())
            .map(ProblemType::uri)
            .collect(Collectors.toCollection(TreeSet::new));
    Class<?> refusal = Class.forName("org.openekm.server.http.Refusal");
    Method problem = refusal.getDeclaredMethod("problem");
    problem.setAccessible(true);
    JsonNode schema = document.at("/components/schemas/Problem");
    for (Object each : refusal.getEnumConstants()) {
      JsonNode body = JsonMapper.shared().readTree((String) problem.invoke(each));
      assertThat(check.faults(schema, body)).as(each.toString()).isEmpty();
      given.add(body.path("type").asString());
    }
    assertThat(texts(schema.at("/properties/type/enum")))
        .as("the types of problems in docs/openapi.yaml")
        .containsExactlyInAnyOrderElementsOf(given);
  }

  @Test
  void answers_ofEveryOperation_areAsTheDocumentSays() throws Exception {
    walk();
    assertThat(minus(operations(), walked))
        .as("operations that OpenApiContractTest.walk does not call with success: add a step")
        .isEmpty();
  }

  @Test
  void refusals_ofEveryOperation_areProblems() throws Exception {
    fixture.withVault();
    for (String each : operations()) {
      String method = each.substring(0, each.indexOf(' '));
      String template = each.substring(each.indexOf(' ') + 1);
      if (operation(each).has("security")) {
        continue;
      }
      String path = template.replaceAll("\\{[a-z]+}", "none");
      HttpResponse<String> refused = fixture.send(method, path, "", Map.of(), false);
      assertThat(refused.statusCode()).as(each).isEqualTo(401);
      assertProblem(each, refused);
      if (template.contains("{")) {
        HttpResponse<String> missing =
            fixture.send(method, path, "{\"unknown\":1}", Map.of("If-Match", "\"x\""), true);
        assertThat(missing.statusCode()).as(each).isIn(400, 404);
        assertProblem(each, missing);
      }
    }
    assertProblem("405", fixture.send("PATCH", "/admin/v1/vaults", "", Map.of(), true));
    assertProblem("404", fixture.send("GET", "/admin/v1/none", "", Map.of(), true));
    assertProblem("405", fixture.send("POST", "/health/live", "", Map.of(), true));
    assertProblem("400", fixture.send("GET", "/admin/v1/vaults?x=1", "", Map.of(), true));
  }

  @Test
  void everyChange_decidedOnSomethingElse_is412AndTheDocumentSaysSo() throws Exception {
    fixture.withVault().created("/vaults/payments/keys", "{\"name\":\"k\"}");
    fixture.created("/administrators", "{\"name\":\"kim\"}");
    String id = fixture.keyId("k");
    for (String each : operations()) {
      String method = each.substring(0, each.indexOf(' '));
      String template = each.substring(each.indexOf(' ') + 1);
      if (method.equals("GET") || !template.contains("{")) {
        continue;
      }
      assertThat(parameters(each))
          .as(each + " changes what its path names, so If-Match must be among its parameters")
          .contains("If-Match");
      String path =
          template
              .replace("{issuer}", "domain")
              .replace("{tenancy}", "acme")
              .replace("{vault}", "payments")
              .replace("{name}", "k")
              .replace("{version}", "1")
              .replace("{administrator}", "kim")
              .replace("{key}", id);
      HttpResponse<String> answer =
          fixture.send(method, path, bodyOf(each), Map.of("If-Match", "\"old\""), true);
      assertThat(answer.statusCode()).as(each + ": " + answer.body()).isEqualTo(412);
    }
  }

  private String bodyOf(String operation) {
    String reference = operation(operation).path("requestBody").path("$ref").asString("");
    return SampleBodies.of(reference.substring(reference.lastIndexOf('/') + 1));
  }

  @Test
  void requestsThatMakeSomething_areThoseThatTheDocumentLetsBeRepeated() {
    Set<String> repeatable =
        operations().stream()
            .filter(each -> parameters(each).contains("Idempotency-Key"))
            .collect(Collectors.toCollection(TreeSet::new));
    Set<String> making =
        fixture.resources.routes().stream()
            .filter(AdminCalls::makesSomethingNew)
            .map(route -> route.method() + " /admin/v1/" + String.join("/", route.segments()))
            .collect(Collectors.toCollection(TreeSet::new));
    assertThat(repeatable).isEqualTo(making);
  }

  @Test
  void queryParameters_areTakenExactlyWhereTheDocumentHasThem() throws Exception {
    fixture.withVault().created("/vaults/payments/keys", "{\"name\":\"k\"}");
    fixture.created("/administrators", "{\"name\":\"kim\"}");
    Map<String, String> samples =
        Map.of(
            "limit", "1",
            "cursor", "MQphCmI",
            "namePrefix", "p",
            "blocked", "false",
            "label", "a%3Db",
            "force", "true",
            "state", "ACTIVE");
    for (String each : operations()) {
      String template = each.substring(each.indexOf(' ') + 1);
      if (!each.startsWith("GET /admin/v1/") || template.contains("{key}")) {
        continue;
      }
      String path = template.replace("{vault}", "payments").replace("{name}", "k");
      path = path.replace("{issuer}", "domain").replace("{tenancy}", "acme");
      path = path.replace("{version}", "1").replace("{administrator}", "kim");
      List<String> documented = parameters(each);
      for (Map.Entry<String, String> sample : samples.entrySet()) {
        HttpResponse<String> answer =
            fixture.send(
                "GET", path + "?" + sample.getKey() + "=" + sample.getValue(), "", Map.of(), true);
        assertThat(answer.statusCode())
            .as(each + " with " + sample.getKey() + ", which is documented: " + documented)
            .isEqualTo(documented.contains(sample.getKey()) ? 200 : 400);
      }
    }
  }

  @Test
  void references_leadSomewhere_andEveryPartIsUsed() throws Exception {
    Set<String> used = new TreeSet<>();
    for (JsonNode reference : document.findValues("$ref")) {
      assertThat(check.resolved(JsonMapper.shared().createObjectNode().set("$ref", reference)))
          .isNotNull();
      used.add(reference.asString());
    }
    Set<String> parts = new TreeSet<>();
    for (String kind : List.of("parameters", "headers", "requestBodies", "responses", "schemas")) {
      document
          .path("components")
          .path(kind)
          .propertyNames()
          .forEach(name -> parts.add("#/components/" + kind + "/" + name));
    }
    assertThat(minus(parts, used))
        .as("parts of docs/openapi.yaml that nothing refers to")
        .isEmpty();
  }

  private List<String> parameters(String operation) {
    return operation(operation)
        .path("parameters")
        .valueStream()
        .map(each -> check.resolved(each).path("name").asString())
        .toList();
  }

  private void walk() throws Exception {
    call("GET", "/openapi.yaml", "");
    call("GET", "/health/live", "");
    call("GET", "/health/ready", "");
    call("GET", "/metrics", "");
    call("GET", "/admin/v1/status", "");
    walkAround();
    String adopted = "in-the-backend";
    fixture.device.putKey(new BackendKeyRef(adopted), SecretBytes.copyOf(new byte[32]));
    String keys = "/admin/v1/vaults/{vault=payments}/keys";
    for (String[] names : new String[][] {{"k1", "k2"}, {"k3", "k4"}}) {
      String id =
          call("POST", keys, SampleBodies.key(names[0], "")).path("externalKeyId").asString();
      String waiting =
          call("POST", keys, SampleBodies.key(names[1], ",\"active\":false"))
              .path("externalKeyId")
              .asString();
      boolean byId = names[0].equals("k1");
      String base = byId ? "/admin/v1/keys/{key=" + id + "}" : keys + "/{name=" + names[0] + "}";
      String other =
          byId ? "/admin/v1/keys/{key=" + waiting + "}" : keys + "/{name=" + names[1] + "}";
      walkKey(base, other);
    }
    call("POST", keys, SampleBodies.key("k5", ",\"backendRef\":\"" + adopted + "\""));
    call(
        "POST",
        keys,
        SampleBodies.key(
            "k6",
            ",\"material\":\""
                + SampleBodies.material()
                + "\",\"policy\":"
                + SampleBodies.quoted()));
    call("GET", keys, "");
    call("GET", "/admin/v1/import-key", "");
    walkAdministrators();
    walkApprovals();
    call("DELETE", "/admin/v1/vaults/{vault=empty}", "");
    call("DELETE", "/admin/v1/issuers/{issuer=other}", "");
    call("DELETE", "/admin/v1/tenancies/{tenancy=other}", "");
  }

  private void walkAround() throws Exception {
    String issuers = "/admin/v1/issuers";
    call(
        "POST",
        issuers,
        "{\"name\":\"domain\",\"jwksUrls\":[\"https://127.0.0.1:1/keys\"],\"acceptedIssuers\":[\"https://d/\"]}");
    call(
        "POST",
        issuers,
        "{\"name\":\"other\",\"discoveryUrls\":[\"https://127.0.0.1:1/c\"],\"clientId\":\"r\","
            + "\"clientSecret\":\"${env:NONE}\",\"tokenUrl\":\"https://127.0.0.1:1/token\"}");
    call("GET", issuers, "");
    call("GET", issuers + "/{issuer=other}", "");
    String tenancies = "/admin/v1/tenancies";
    call("POST", tenancies, "{\"name\":\"acme\",\"ocid\":\"ocid1.tenancy.oc1..aaaa\"}");
    call("POST", tenancies, "{\"name\":\"other\",\"ocid\":\"ocid1.tenancy.oc1..bbbb\"}");
    call("GET", tenancies, "");
    call("GET", tenancies + "/{tenancy=acme}", "");
    String vaults = "/admin/v1/vaults";
    call("POST", vaults, AdminFixture.vault("payments"));
    call("POST", vaults, AdminFixture.vault("empty"));
    call("GET", vaults, "");
    call("GET", vaults + "/{vault=payments}", "");
    call("POST", vaults + "/{vault=payments}/block", "{}");
    call("POST", vaults + "/{vault=payments}/unblock", "{}");
    call("PUT", vaults + "/{vault=payments}/policy", SampleBodies.POLICY);
    call("PUT", vaults + "/{vault=payments}/labels", SampleBodies.LABELS);
    call("PUT", vaults + "/{vault=payments}/audit-success", "{\"auditSuccess\":false}");
    call("PUT", vaults + "/{vault=payments}/backend", "{\"backend\":\"main\"}");
    call("POST", vaults + "/{vault=payments}/lock-backend", "{}");
    call("PUT", vaults + "/{vault=payments}/dead-man", "{\"period\":\"36h\"}");
    call("POST", vaults + "/{vault=payments}/heartbeat", "{}");
    call("DELETE", vaults + "/{vault=payments}/dead-man", "");
    call("GET", vaults + "/{vault=payments}", "");
  }

  private void walkAdministrators() throws Exception {
    String all = "/admin/v1/administrators";
    call("POST", all, "{\"name\":\"kim\",\"grants\":[\"view\",\"block@payments\"]}");
    call("POST", all + "/{administrator=kim}/grant", "{\"grants\":[\"rotate\"]}");
    call("POST", all + "/{administrator=kim}/revoke", "{\"grants\":[\"rotate\"]}");
    call("POST", all + "/{administrator=kim}/rotate", "{\"overlap\":\"1h\"}");
    call("GET", all + "/{administrator=kim}", "");
    call("GET", all, "");
    call("DELETE", all + "/{administrator=kim}", "");
  }

  /** On a server that asks for approvals, which has nothing else to do. */
  private void walkApprovals() throws Exception {
    AdminFixture other = fixture;
    PublicKey approver = KeyPairGenerator.getInstance("Ed25519").generateKeyPair().getPublic();
    fixture =
        new AdminFixture(
            ApprovalPolicy.of("s", 1, List.of(approver), Set.of(ApprovedAction.values())));
    try {
      fixture.withVault().created("/vaults/payments/keys", "{\"name\":\"k\"}");
      String vault = "/admin/v1/vaults/{vault=payments}";
      String id = fixture.keyId("k");
      call("POST", vault + "/unblock/request-approval", "{\"validFor\":\"1h\"}");
      for (String key : List.of("/admin/v1/keys/{key=" + id + "}", vault + "/keys/{name=k}")) {
        call("POST", key + "/unblock/request-approval", "{}");
        call("POST", key + "/destroy/request-approval", "{}");
      }
      call("POST", vault + "/block", "{}");
      assertProblem(
          "not approved",
          fixture.send("POST", "/admin/v1/vaults/payments/unblock", "{}", Map.of(), true));
    } finally {
      fixture.close();
      fixture = other;
    }
  }

  private void walkKey(String base, String waiting) throws Exception {
    call("GET", base, "");
    call("POST", base + "/rotate", "{}");
    call("POST", base + "/rotate", "{\"material\":\"" + SampleBodies.material() + "\"}");
    call("GET", base + "/versions", "");
    call("GET", base + "/versions/{version=1}", "");
    call("POST", base + "/versions/{version=1}/disable", "{}");
    call("POST", base + "/versions/{version=1}/enable", "{}");
    call("PUT", base + "/rotation", "{\"rotationPeriod\":\"90d\"}");
    call("PUT", base + "/labels", SampleBodies.LABELS);
    call("GET", base, "");
    call("DELETE", base + "/rotation", "");
    call("PUT", base + "/policy", SampleBodies.POLICY);
    call("GET", base, "");
    call("DELETE", base + "/policy", "");
    call("POST", base + "/block", "{}");
    call("POST", base + "/unblock", "{}");
    call("POST", base + "/disable", "{}");
    call("POST", base + "/enable", "{}");
    call("POST", base + "/schedule-deletion", "{\"after\":\"7d\"}");
    call("GET", base, "");
    call("POST", base + "/cancel-deletion", "{}");
    call("POST", base + "/block", "{}");
    call("POST", base + "/destroy", "{}");
    call("POST", waiting + "/activate", "{}");
  }

  /**
   * Makes a call and holds request and answer against the document. Names in the path are written
   * as {@code {place=name}}.
   */
  private JsonNode call(String method, String written, String body) throws Exception {
    String operation = method + " " + written.replaceAll("=[^}]*}", "}");
    JsonNode described = operation(operation);
    assertThat(described.isMissingNode()).as(operation + " is in the document").isFalse();
    if (!body.isEmpty() && !body.equals("{}")) {
      JsonNode request = check.resolved(described.path("requestBody"));
      assertThat(
              check.faults(
                  request.at("/content/application~1json/schema"),
                  JsonMapper.shared().readTree(body)))
          .as("body of " + operation)
          .isEmpty();
    }
    HttpResponse<String> answer =
        fixture.send(method, written.replaceAll("\\{[a-z]+=([^}]*)}", "$1"), body, Map.of(), true);
    assertThat(answer.statusCode()).as(operation + ": " + answer.body()).isBetween(200, 299);
    JsonNode json = held(operation, described, answer);
    walked.add(operation);
    return json;
  }

  private JsonNode held(String operation, JsonNode described, HttpResponse<String> answer) {
    JsonNode response =
        check.resolved(described.path("responses").path(Integer.toString(answer.statusCode())));
    String type = answer.headers().firstValue("Content-Type").orElse("none").replaceAll(";.*", "");
    JsonNode schema = response.path("content").path(type).path("schema");
    assertThat(schema.isMissingNode())
        .as(operation + " answers " + answer.statusCode() + " with " + type + ", as documented")
        .isFalse();
    assertThat(answer.headers().firstValue("ETag").isPresent())
        .as(operation + " has an ETag exactly if the document says so")
        .isEqualTo(response.path("headers").has("ETag"));
    if (!type.endsWith("json")) {
      return JsonMapper.shared().createObjectNode();
    }
    JsonNode body = JsonMapper.shared().readTree(answer.body());
    assertThat(check.faults(schema, body)).as("answer of " + operation).isEmpty();
    return body;
  }

  private void assertProblem(String what, HttpResponse<String> answer) {
    assertThat(answer.headers().firstValue("Content-Type"))
        .as(what)
        .contains("application/problem+json");
    JsonNode body = JsonMapper.shared().readTree(answer.body());
    assertThat(check.faults(document.at("/components/schemas/Problem"), body)).as(what).isEmpty();
    assertThat(body.path("status").asInt()).as(what).isEqualTo(answer.statusCode());
  }

  private Set<String> operations() {
    Set<String> operations = new TreeSet<>();
    document
        .path("paths")
        .properties()
        .forEach(
            path ->
                path.getValue().propertyNames().stream()
                    .filter(METHODS::contains)
                    .forEach(
                        method ->
                            operations.add(
                                method.toUpperCase(java.util.Locale.ROOT) + " " + path.getKey())));
    return operations;
  }

  private JsonNode operation(String operation) {
    String method = operation.substring(0, operation.indexOf(' '));
    return document
        .path("paths")
        .path(operation.substring(operation.indexOf(' ') + 1))
        .path(method.toLowerCase(java.util.Locale.ROOT));
  }

  private static Set<String> minus(Set<String> all, Set<String> others) {
    Set<String> left = new TreeSet<>(all);
    left.removeAll(others);
    return left;
  }

  private static List<String> texts(JsonNode array) {
    return array.valueStream().map(JsonNode::asString).toList();
  }
}
