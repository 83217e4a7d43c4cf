// SPDX-License-Identifier: Apache-2.0
package org.openekm.core.wire;

import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import org.openekm.api.EkmErrorCode;
import org.openekm.api.EkmException;

/** Finds the operation that a method and a path stand for. Immutable and thread-safe. */
public final class WireRoutes {

  private final List<RoutePattern> patterns;

  /** Makes the routes of a profile. */
  public WireRoutes(WireProfile profile) {
    this.patterns = profile.routes();
  }

  /**
   * Finds the route.
   *
   * @param method the HTTP method in upper case
   * @param path the path from the mount on, such as {@code /vaults/…}, as it came: not decoded
   * @param rawQuery the query without the question mark, not decoded; empty for none
   * @throws EkmException with {@link EkmErrorCode#ROUTE_NOT_FOUND} or {@link
   *     EkmErrorCode#METHOD_NOT_ALLOWED}
   */
  public Route match(String method, String path, String rawQuery) {
    Optional<List<String>> segments = RequestPath.segments(path);
    if (segments.isEmpty()) {
      throw new EkmException(EkmErrorCode.ROUTE_NOT_FOUND, "the path is not in plain form");
    }
    boolean pathKnown = false;
    for (RoutePattern pattern : patterns) {
      if (pattern.matchesPath(segments.get())) {
        if (pattern.method().equals(method)) {
          return pattern.bind(segments.get(), rawQuery);
        }
        pathKnown = true;
      }
    }
    throw pathKnown
        ? new EkmException(
            EkmErrorCode.METHOD_NOT_ALLOWED, "the profile has no such method for this path")
        : new EkmException(EkmErrorCode.ROUTE_NOT_FOUND, "the profile has no such path");
  }

  /**
   * Returns the methods that the path takes, sorted, for the {@code Allow} header; empty for an
   * unknown path.
   */
  public Set<String> allowedMethods(String path) {
    Set<String> methods = new TreeSet<>();
    Optional<List<String>> segments = RequestPath.segments(path);
    if (segments.isPresent()) {
      for (RoutePattern pattern : patterns) {
        if (pattern.matchesPath(segments.get())) {
          methods.add(pattern.method());
        }
      }
    }
    return methods;
  }
}
