// SPDX-License-Identifier: Apache-2.0
package org.openekm.server.cli;

import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
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

  /** Returns the query that filters by labels; empty if there are none. */
  static String labelQuery(@Nullable Map<String, String> labels) {
    StringBuilder query = new StringBuilder();
    if (labels != null) {
      labels.forEach(
          (name, value) ->
              query
                  .append(query.length() == 0 ? "?label=" : "&label=")
                  .append(segment(name + "=" + value)));
    }
    return query.toString();
  }

  /** Returns the query that overrides a refusal; empty if not asked for. */
  static String forceQuery(boolean force) {
    return force ? "?force=true" : "";
  }

  /** Returns the text as one segment of a path. */
  static String segment(String text) {
    return URLEncoder.encode(text, StandardCharsets.UTF_8).replace("+", "%20");
  }
}
