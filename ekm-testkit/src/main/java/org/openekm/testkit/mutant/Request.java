// SPDX-License-Identifier: Apache-2.0
package org.openekm.testkit.mutant;

import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/** A request that was read; header names in lower case. */
final class Request {

  private final String method;
  private final String target;
  private final Map<String, List<String>> headers;
  private final byte[] body;
  private final long connectedAt;

  Request(
      String method,
      String target,
      Map<String, List<String>> headers,
      byte[] body,
      long connectedAt) {
    this.method = method;
    this.target = target;
    this.headers = headers;
    this.body = body;
    this.connectedAt = connectedAt;
  }

  String method() {
    return method;
  }

  /** Returns the path with its doubled slashes and the one at the end taken out. */
  String path() {
    String path = target.split("\\?", 2)[0].replaceAll("/+", "/");
    return path.length() > 1 && path.endsWith("/") ? path.substring(0, path.length() - 1) : path;
  }

  /** Returns a parameter of the query. */
  Optional<String> query(String name) {
    String[] parts = target.split("\\?", 2);
    if (parts.length == 2) {
      for (String pair : parts[1].split("&", -1)) {
        if (pair.startsWith(name + "=")) {
          return Optional.of(pair.substring(name.length() + 1));
        }
      }
    }
    return Optional.empty();
  }

  Optional<String> header(String name) {
    List<String> values = all(name);
    return values.isEmpty() ? Optional.empty() : Optional.of(values.get(0));
  }

  List<String> all(String name) {
    return headers.getOrDefault(name.toLowerCase(Locale.ROOT), List.of());
  }

  byte[] body() {
    return body;
  }

  /** Returns the number of state changes that had been made when the connection was opened. */
  long connectedAt() {
    return connectedAt;
  }
}
