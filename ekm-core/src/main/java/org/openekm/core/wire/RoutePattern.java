// SPDX-License-Identifier: Apache-2.0
package org.openekm.core.wire;

import java.util.List;
import java.util.Optional;
import org.openekm.api.KeyId;
import org.openekm.api.KeyVersionId;
import org.openekm.api.Operation;
import org.openekm.api.VaultId;

/** One method and path that lead to an operation, such as {@code GET /vaults/{vault}/metadata}. */
record RoutePattern(Operation operation, String method, List<String> segments) {

  static final String VAULT = "{vault}";
  static final String KEY = "{key}";
  static final String VERSION = "{version}";

  static boolean isPlaceholder(String segment) {
    return segment.startsWith("{");
  }

  boolean matchesPath(List<String> path) {
    if (path.size() != segments.size()) {
      return false;
    }
    for (int i = path.size() - 1; i >= 0; i--) {
      String segment = segments.get(i);
      if (!isPlaceholder(segment) && !segment.equals(path.get(i))) {
        return false;
      }
    }
    return true;
  }

  /** Returns true if some request would fit both patterns. */
  boolean overlaps(RoutePattern other) {
    if (!method.equals(other.method) || segments.size() != other.segments.size()) {
      return false;
    }
    for (int i = 0; i < segments.size(); i++) {
      String mine = segments.get(i);
      String theirs = other.segments.get(i);
      if (!isPlaceholder(mine) && !isPlaceholder(theirs) && !mine.equals(theirs)) {
        return false;
      }
    }
    return true;
  }

  Route bind(List<String> path, String query) {
    Optional<VaultId> vault = Optional.empty();
    Optional<KeyId> key = Optional.empty();
    Optional<KeyVersionId> version = Optional.empty();
    boolean versionInPath = false;
    for (int i = 0; i < path.size(); i++) {
      switch (segments.get(i)) {
        case VAULT -> vault = Ids.vault(path.get(i));
        case KEY -> key = Ids.key(path.get(i));
        case VERSION -> {
          version = Ids.keyVersion(path.get(i));
          versionInPath = true;
        }
        default -> {
          // a literal: already compared
        }
      }
    }
    return new Route(operation, vault, key, version, versionInPath, query);
  }
}
