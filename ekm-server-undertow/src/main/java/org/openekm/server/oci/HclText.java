// SPDX-License-Identifier: Apache-2.0
package org.openekm.server.oci;

import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/** Writes values in Terraform's language, so that no value can become more than a value. */
final class HclText {

  private HclText() {}

  /** Returns a quoted text in which nothing is a template. */
  static String text(String value) {
    StringBuilder quoted = new StringBuilder("\"");
    value.codePoints().forEach(each -> quoted.append(escaped(each)));
    return quoted.append('"').toString().replace("${", "$${").replace("%{", "%%{");
  }

  /** Returns a quoted text, or {@code null}. */
  static String textOrNull(Optional<String> value) {
    return value.map(HclText::text).orElse("null");
  }

  /** Returns a list of quoted texts. */
  static String texts(List<String> values) {
    return values.stream().map(HclText::text).collect(Collectors.joining(", ", "[", "]"));
  }

  private static String escaped(int codePoint) {
    return switch (codePoint) {
      case '"' -> "\\\"";
      case '\\' -> "\\\\";
      case '\n' -> "\\n";
      case '\r' -> "\\r";
      case '\t' -> "\\t";
      default ->
          Character.isISOControl(codePoint)
              ? "\\u%04x".formatted(codePoint)
              : Character.toString(codePoint);
    };
  }
}
