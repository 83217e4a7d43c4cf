// SPDX-License-Identifier: Apache-2.0
package org.openekm.server.http;

import java.util.List;

/**
 * Finds the mount that a path lies under and passes on what comes after it; everything else is not
 * found.
 */
final class Mounts implements Stage {

  private final Stage next;
  private final List<String> prefixes;

  Mounts(Stage next, List<String> prefixes) {
    this.next = next;
    this.prefixes = List.copyOf(prefixes);
  }

  @Override
  public void handle(Call call) {
    String path = withoutDoubledSlashes(call.exchange().getRequestURI());
    for (String prefix : prefixes) {
      if (path.startsWith(prefix)
          && path.length() > prefix.length()
          && path.charAt(prefix.length()) == '/') {
        call.path(path.substring(prefix.length()));
        next.handle(call);
        return;
      }
    }
    call.refuse(Refusal.NOT_FOUND);
  }

  private static String withoutDoubledSlashes(String path) {
    return path.contains("//") ? path.replaceAll("/{2,}", "/") : path;
  }
}
