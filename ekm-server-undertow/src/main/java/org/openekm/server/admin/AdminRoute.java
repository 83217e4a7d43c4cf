// SPDX-License-Identifier: Apache-2.0
package org.openekm.server.admin;

import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import org.openekm.core.admin.AdminVerb;

/**
 * One path of the management API with one method.
 *
 * @param method the HTTP method
 * @param segments the path's parts below {@code /admin/v1}; one in braces is a place for a name
 * @param verb what an administrator must have been granted at least for something; whether for this
 *     the use case decides
 * @param status the HTTP status of a success
 * @param use does it and returns the answer as a tree of maps and lists
 * @param forcible true if the query may override a refusal by {@code force=true}
 */
record AdminRoute(
    String method,
    List<String> segments,
    AdminVerb verb,
    int status,
    Function<AdminRequest, Object> use,
    boolean forcible) {

  static AdminRoute of(
      String method, String path, AdminVerb verb, Function<AdminRequest, Object> use) {
    return new AdminRoute(method, split(path), verb, 200, use, false);
  }

  /** Returns a route that takes the query parameter {@code force}. */
  static AdminRoute forcible(
      String method, String path, AdminVerb verb, Function<AdminRequest, Object> use) {
    return new AdminRoute(method, split(path), verb, 200, use, true);
  }

  /** Returns the route that adds something. */
  static AdminRoute adding(String path, Function<AdminRequest, Object> use) {
    return new AdminRoute("POST", split(path), AdminVerb.CREATE, 201, use, false);
  }

  /** Returns what the audit calls a request that was refused before it came to the use case. */
  String action() {
    return method + " /" + String.join("/", segments);
  }

  static List<String> split(String path) {
    return Arrays.stream(path.split("/")).filter(segment -> !segment.isEmpty()).toList();
  }

  /** Returns the names at the places of the path; empty if the path is another one. */
  Optional<Map<String, String>> match(List<String> path) {
    if (path.size() != segments.size()) {
      return Optional.empty();
    }
    Map<String, String> names = new HashMap<>();
    for (int i = 0; i < path.size(); i++) {
      String segment = segments.get(i);
      if (segment.startsWith("{")) {
        names.put(segment.substring(1, segment.length() - 1), path.get(i));
      } else if (!segment.equals(path.get(i))) {
        return Optional.empty();
      }
    }
    return Optional.of(names);
  }
}
