// SPDX-License-Identifier: Apache-2.0
package org.openekm.testkit.conformance;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Replaces {@code ${file:…}} and {@code ${env:…}} by what they refer to. */
final class References {

  private static final Pattern REFERENCE = Pattern.compile("\\$\\{(file|env):([^}]+)}");

  private References() {}

  /**
   * Resolves the references in a text.
   *
   * @param base the file beside which relative paths are looked for
   */
  static String resolve(String text, Path base) throws IOException {
    Matcher matcher = REFERENCE.matcher(text);
    StringBuilder resolved = new StringBuilder();
    while (matcher.find()) {
      matcher.appendReplacement(
          resolved, Matcher.quoteReplacement(value(matcher.group(1), matcher.group(2), base)));
    }
    return matcher.appendTail(resolved).toString();
  }

  private static String value(String kind, String name, Path base) throws IOException {
    if (kind.equals("file")) {
      return Files.readString(base.toAbsolutePath().resolveSibling(name)).strip();
    }
    String value = System.getenv(name);
    if (value == null) {
      throw new IOException("the environment variable " + name + " is not set");
    }
    return value;
  }
}
