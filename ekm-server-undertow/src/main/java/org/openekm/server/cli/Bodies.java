// SPDX-License-Identifier: Apache-2.0
package org.openekm.server.cli;

import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Small helps for writing requests to the admin API. */
final class Bodies {

  private Bodies() {}

  static void putIfGiven(Map<String, Object> body, String name, @Nullable Object value) {
    if (value != null) {
      body.put(name, value);
    }
  }

  /**
   * Returns the values of the query's label that filter by these labels; null if there are none.
   */
  static @Nullable List<String> labels(@Nullable Map<String, String> labels) {
    return labels == null
        ? null
        : labels.entrySet().stream().map(each -> each.getKey() + "=" + each.getValue()).toList();
  }

  /** Returns the query that overrides a refusal; empty if not asked for. */
  static String forceQuery(boolean force) {
    return force ? "?force=true" : "";
  }

  /** Returns parameters by name, in turn name and value, without those whose value is null. */
  static Map<String, Object> query(@Nullable Object... namesAndValues) {
    Map<String, Object> query = new LinkedHashMap<>();
    for (int i = 0; i < namesAndValues.length; i += 2) {
      putIfGiven(query, String.valueOf(namesAndValues[i]), namesAndValues[i + 1]);
    }
    return query;
  }

  /** Returns the text as one segment of a path. */
  static String segment(String text) {
    return URLEncoder.encode(text, StandardCharsets.UTF_8).replace("+", "%20");
  }
}
