// SPDX-License-Identifier: Apache-2.0
package org.openekm.testkit.conformance.report;

/** Makes text harmless in XML and HTML. */
final class Escape {

  private Escape() {}

  /** Escapes what has a meaning in markup; control characters that XML forbids become dots. */
  static String xml(String text) {
    StringBuilder escaped = new StringBuilder(text.length() + 16);
    text.codePoints()
        .forEach(
            c -> {
              switch (c) {
                case '<' -> escaped.append("&lt;");
                case '>' -> escaped.append("&gt;");
                case '&' -> escaped.append("&amp;");
                case '"' -> escaped.append("&quot;");
                case '\'' -> escaped.append("&#39;");
                default -> escaped.appendCodePoint(isAllowed(c) ? c : '.');
              }
            });
    return escaped.toString();
  }

  private static boolean isAllowed(int c) {
    boolean blank = c == '\n' || c == '\t';
    boolean lower = c >= ' ' && c < 0xD800;
    boolean upper = c > 0xDFFF && c != 0xFFFE && c != 0xFFFF;
    return blank || lower || upper;
  }
}
