// SPDX-License-Identifier: Apache-2.0
package org.openekm.core.wire;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Cuts a path into segments. One slash at the end and a doubled slash elsewhere are tolerated.
 * Anything that two HTTP servers could read in two ways is refused: percent-encoding, dot segments,
 * parameters, backslashes, characters beyond ASCII.
 */
final class RequestPath {

  static final int MAX_LENGTH = 512;

  private RequestPath() {}

  static Optional<List<String>> segments(String path) {
    if (path.isEmpty() || path.length() > MAX_LENGTH || path.charAt(0) != '/') {
      return Optional.empty();
    }
    List<String> segments = new ArrayList<>(8);
    int length = path.length();
    int start = 1;
    boolean slashBefore = true;
    boolean doubled = false;
    for (int i = 1; i < length; i++) {
      char c = path.charAt(i);
      if (c != '/') {
        if (!allowed(c)) {
          return Optional.empty();
        }
        slashBefore = false;
        doubled = false;
        continue;
      }
      if (slashBefore) {
        if (doubled || i == length - 1) {
          return Optional.empty();
        }
        doubled = true;
      } else {
        segments.add(path.substring(start, i));
      }
      slashBefore = true;
      start = i + 1;
    }
    if (start < length) {
      segments.add(path.substring(start));
    }
    return segments.contains(".") || segments.contains("..")
        ? Optional.empty()
        : Optional.of(segments);
  }

  private static boolean allowed(char c) {
    return (c >= 'a' && c <= 'z')
        || (c >= 'A' && c <= 'Z')
        || (c >= '0' && c <= '9')
        || c == '-'
        || c == '_'
        || c == '.';
  }
}
