// SPDX-License-Identifier: Apache-2.0
package org.openekm.core.wire;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.openekm.api.Operation;

/** Checks what a profile's data says of the operations. Used once. */
final class OperationProfileReader {

  private static final Map<Operation, String> KEYS =
      Map.of(
          Operation.GET_VAULT_METADATA, "getVaultMetadata",
          Operation.GET_KEY_METADATA, "getKeyMetadata",
          Operation.GET_KEY_VERSION_METADATA, "getKeyVersionMetadata",
          Operation.ENCRYPT, "encrypt",
          Operation.DECRYPT, "decrypt",
          Operation.GENERATE_RANDOM_BYTES, "generateRandomBytes");
  private static final Set<String> METHODS = Set.of("GET", "POST");
  private static final int MOST_NESTING = 4;

  private final WireRules rules;
  private final List<RoutePattern> allRoutes = new ArrayList<>();

  OperationProfileReader(WireRules rules) {
    this.rules = rules;
  }

  /** Returns the name by which profiles refer to the operation. */
  static String keyOf(Operation operation) {
    return KEYS.getOrDefault(operation, operation.name());
  }

  Map<Operation, OperationProfile> readAll(ProfileNode node) {
    node.allow(Set.copyOf(KEYS.values()));
    Map<Operation, OperationProfile> operations = new EnumMap<>(Operation.class);
    for (Operation operation : Operation.values()) {
      operations.put(operation, read(operation, node.object(keyOf(operation))));
    }
    return operations;
  }

  private OperationProfile read(Operation operation, ProfileNode node) {
    node.allow(Set.of("routes", "query", "request", "response", "errors"));
    List<RoutePattern> routes =
        node.objects("routes").stream().map(route -> route(operation, route)).toList();
    Set<RequestField> needed = RequestField.neededInBody(operation);
    if (operation == Operation.DECRYPT && !rules.appendedTag()) {
      needed.add(RequestField.TAG);
    }
    return new OperationProfile(
        routes,
        names(node.objectOrEmpty("request"), RequestField.inBody(operation), needed),
        names(node.objectOrEmpty("query"), RequestField.inQuery(operation), Set.of()),
        response(operation, node.object("response")));
  }

  private RoutePattern route(Operation operation, ProfileNode node) {
    node.allow(Set.of("method", "path"));
    String method = node.text("method");
    if (!METHODS.contains(method)) {
      node.problem("method", "must be GET or POST", "OCI's gateway routes no other methods");
    }
    String path = node.text("path");
    RoutePattern route = new RoutePattern(operation, method, segments(operation, path, node));
    for (RoutePattern other : allRoutes) {
      if (route.overlaps(other)) {
        node.problem("path", "fits the same requests as another route", "remove one of them");
      }
    }
    allRoutes.add(route);
    return route;
  }

  private static List<String> segments(Operation operation, String path, ProfileNode node) {
    List<String> segments =
        path.startsWith("/") ? Arrays.asList(path.substring(1).split("/", -1)) : List.of();
    List<String> placeholders = segments.stream().filter(RoutePattern::isPlaceholder).toList();
    List<String> needed = neededIn(operation);
    List<String> allowed = new ArrayList<>(needed);
    if (operation.isCryptographic()) {
      allowed.add(RoutePattern.VERSION);
    }
    boolean distinct = new HashSet<>(placeholders).size() == placeholders.size();
    if (!distinct || !placeholders.containsAll(needed) || !allowed.containsAll(placeholders)) {
      node.problem("path", "must hold each of " + needed + " once", "see oci-default.json");
    }
    String literals =
        segments.stream()
            .map(segment -> RoutePattern.isPlaceholder(segment) ? "x" : segment)
            .collect(Collectors.joining("/", "/", ""));
    boolean plain = RequestPath.segments(literals).map(List::size).orElse(0) == segments.size();
    if (segments.isEmpty() || !plain) {
      node.problem(
          "path",
          "must be segments of letters, digits, '-', '_' or '.', each after one '/'",
          "write it like /vaults/{vault}/metadata");
    }
    return segments;
  }

  private static List<String> neededIn(Operation operation) {
    return switch (operation) {
      case GET_VAULT_METADATA -> List.of(RoutePattern.VAULT);
      case GET_KEY_VERSION_METADATA ->
          List.of(RoutePattern.VAULT, RoutePattern.KEY, RoutePattern.VERSION);
      default -> List.of(RoutePattern.VAULT, RoutePattern.KEY);
    };
  }

  private static NameTable names(
      ProfileNode node, Set<RequestField> allowed, Set<RequestField> needed) {
    node.allow(allowed.stream().map(RequestField::key).collect(Collectors.toSet()));
    Map<RequestField, List<String>> names = new EnumMap<>(RequestField.class);
    Set<String> taken = new HashSet<>();
    for (RequestField field : allowed) {
      if (node.has(field.key())) {
        List<String> synonyms = node.words(field.key());
        for (String name : synonyms) {
          if (!taken.add(name)) {
            node.problem(field.key(), "holds a name that is taken", "give each name to one field");
          }
        }
        if (!synonyms.isEmpty()) {
          names.put(field, synonyms);
        }
      } else if (needed.contains(field)) {
        node.problem(
            field.key(), "is missing", "the operation can't do without it; give it a name");
      }
    }
    return new NameTable(names);
  }

  private ResponseTemplate response(Operation operation, ProfileNode node) {
    ResponseTemplate template = new ResponseTemplate(members(operation, node, 1));
    for (ResponseValue value : ResponseValue.neededIn(operation)) {
      if (!template.uses(value)) {
        node.problem(
            "", "must give " + value.key() + " a name", "add \"name\": \"" + value.key() + "\"");
      }
    }
    boolean sealed = operation == Operation.ENCRYPT;
    boolean split = template.uses(ResponseValue.CIPHERTEXT) && template.uses(ResponseValue.TAG);
    if (sealed && !split && !template.uses(ResponseValue.CIPHERTEXT_AND_TAG)) {
      node.problem(
          "",
          "must give ciphertext and tag, or ciphertextAndTag, a name",
          "without both nothing can be decrypted again");
    }
    return template;
  }

  private static List<ResponseTemplate.Member> members(
      Operation operation, ProfileNode node, int depth) {
    Set<ResponseValue> allowed = ResponseValue.of(operation);
    List<ResponseTemplate.Member> members = new ArrayList<>();
    for (String name : node.names()) {
      node.requireWord(name, name);
      if (node.isObject(name) && depth < MOST_NESTING) {
        members.add(
            ResponseTemplate.Member.ofObject(
                name, members(operation, node.object(name), depth + 1)));
      } else {
        ResponseValue.ofKey(node.text(name))
            .filter(allowed::contains)
            .ifPresentOrElse(
                value -> members.add(ResponseTemplate.Member.ofValue(name, value)),
                () ->
                    node.problem(
                        name,
                        "must be a value that this operation has",
                        "use one of " + allowed.stream().map(ResponseValue::key).toList()));
      }
    }
    return members;
  }
}
