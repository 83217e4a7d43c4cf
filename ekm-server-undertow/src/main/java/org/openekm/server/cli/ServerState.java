// SPDX-License-Identifier: Apache-2.0
package org.openekm.server.cli;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Stream;
import tools.jackson.databind.JsonNode;

/**
 * What is on the server, in the words of a set-up file: names instead of ids, and each field as one
 * text. Not thread-safe.
 */
final class ServerState {

  /** Lists whose order means nothing are compared in one order. */
  private static final String BETWEEN = ", ";

  private static final String VAULTS = "/vaults/";
  private static final String BACKEND = "backend.";

  private final AdminConnection server;
  private final Map<String, JsonNode> issuers;
  private final Map<String, JsonNode> tenancies;
  private final Map<String, JsonNode> vaults;
  private final Map<String, Map<String, JsonNode>> keys = new HashMap<>();

  private ServerState(AdminConnection server) {
    this.server = server;
    this.issuers = byName(server.all("/issuers", Map.of()));
    this.tenancies = byName(server.all("/tenancies", Map.of()));
    this.vaults = byName(server.all("/vaults", Map.of()));
  }

  static ServerState read(AdminConnection server) {
    return new ServerState(server);
  }

  Map<String, JsonNode> issuers() {
    return issuers;
  }

  Map<String, JsonNode> tenancies() {
    return tenancies;
  }

  Map<String, JsonNode> vaults() {
    return vaults;
  }

  /** Returns the keys of a vault by name, without destroyed ones; none if the vault isn't there. */
  Map<String, JsonNode> keys(String vault) {
    if (!vaults.containsKey(vault)) {
      return Map.of();
    }
    return keys.computeIfAbsent(
        vault,
        name ->
            byName(
                server.all(VAULTS + Bodies.segment(name) + "/keys", Map.of()).stream()
                    .filter(key -> !key.path("state").asString().equals("DESTROYED"))
                    .toList()));
  }

  /** Returns the administrators by name. Asks the server each time. */
  Map<String, JsonNode> administrators() {
    return byName(server.all("/administrators", Map.of()));
  }

  /** Returns somebody's grants with the names of vaults; none for a vault that is gone. */
  List<String> grants(JsonNode administrator) {
    return texts(administrator.path("grants")).stream()
        .flatMap(
            grant -> {
              int at = grant.indexOf('@') + 1;
              if (at == 0) {
                return Stream.of(grant);
              }
              String id = grant.substring(at);
              String name = nameOf(vaults, id);
              return name.equals(id) ? Stream.of() : Stream.of(grant.substring(0, at) + name);
            })
        .sorted()
        .toList();
  }

  /** Returns the names of the backends. */
  Set<String> backends() {
    Set<String> names = new TreeSet<>();
    for (String part : server.call("GET", "/status", null).propertyNames()) {
      if (part.startsWith(BACKEND)) {
        names.add(part.substring(BACKEND.length()));
      }
    }
    return names;
  }

  static Map<String, String> issuerFields(JsonNode issuer) {
    Map<String, String> fields = new TreeMap<>();
    fields.put("discovery-urls", inOrder(texts(issuer.path("discoveryUrls"))));
    fields.put("jwks-urls", inOrder(texts(issuer.path("jwksUrls"))));
    fields.put("accepted-issuers", sorted(texts(issuer.path("acceptedIssuers"))));
    put(fields, "client-id", issuer.path("clientId"));
    put(fields, "client-secret", issuer.path("clientSecret"));
    put(fields, "token-url", issuer.path("tokenUrl"));
    return fields;
  }

  static Map<String, String> tenancyFields(JsonNode tenancy) {
    return Map.of("ocid", tenancy.path("ocid").asString());
  }

  Map<String, String> vaultFields(JsonNode vault) {
    Map<String, String> fields = new TreeMap<>();
    fields.put("tenancy", nameOf(tenancies, vault.path("tenancyId").asString()));
    fields.put("issuer", nameOf(issuers, vault.path("issuerId").asString()));
    fields.put("client-id", vault.path("clientId").asString());
    fields.put("audiences", sorted(texts(vault.path("audiences"))));
    fields.put("scopes", sorted(texts(vault.path("scopes"))));
    fields.put("url", url(vault));
    fields.put("backend", vault.path("backend").asString());
    fields.put("audit-success", vault.path("auditSuccess").asString());
    fields.put("blocked", vault.path("blocked").asString());
    fields.put("backend-locked", vault.path("backendLocked").asString());
    put(fields, "dead-man", vault.path("deadManPeriod"));
    put(fields, "policy", vault.path("policy"));
    fields.put("labels", sorted(labels(vault)));
    return fields;
  }

  static Map<String, String> keyFields(JsonNode key) {
    Map<String, String> fields = new TreeMap<>();
    fields.put("length", key.path("lengthBytes").asString());
    fields.put("state", key.path("state").asString());
    fields.put("blocked", key.path("blocked").asString());
    put(fields, "policy", key.path("policy"));
    put(fields, "rotation-period", key.path("rotationPeriod"));
    fields.put("labels", sorted(labels(key)));
    return fields;
  }

  /** Returns the external vault URL without what names this one vault. */
  static String url(JsonNode vault) {
    String url = vault.path("externalVaultUrl").asString();
    return url.substring(0, url.lastIndexOf(VAULTS));
  }

  static List<String> texts(JsonNode array) {
    return array.valueStream().map(JsonNode::asString).toList();
  }

  /** Returns the labels of a vault or key, each as {@code NAME=VALUE}, by name. */
  static List<String> labels(JsonNode labelled) {
    return labelled
        .path("labels")
        .propertyStream()
        .map(each -> each.getKey() + "=" + each.getValue().asString())
        .sorted()
        .toList();
  }

  static String inOrder(List<String> texts) {
    return String.join(BETWEEN, texts);
  }

  static String sorted(List<String> texts) {
    return texts.stream().sorted().distinct().reduce((a, b) -> a + BETWEEN + b).orElse("");
  }

  private static String nameOf(Map<String, JsonNode> all, String id) {
    Optional<String> name =
        all.entrySet().stream()
            .filter(entry -> entry.getValue().path("id").asString().equals(id))
            .map(Map.Entry::getKey)
            .findFirst();
    return name.orElse(id);
  }

  private static void put(Map<String, String> fields, String name, JsonNode value) {
    if (value.isString()) {
      fields.put(name, value.asString());
    }
  }

  private static Map<String, JsonNode> byName(List<JsonNode> items) {
    Map<String, JsonNode> named = new TreeMap<>();
    items.forEach(item -> named.put(item.path("name").asString(), item));
    return named;
  }
}
