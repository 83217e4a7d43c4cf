// SPDX-License-Identifier: Apache-2.0
package org.openekm.spi;

import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Says where a secret is, without being one: {@code ${file:/etc/ekm/kek}} or {@code
 * ${env:EKM_PIN}}. Safe to store and to log.
 *
 * @param scheme {@code file} or {@code env}
 * @param location the path or the variable's name
 */
public record SecretReference(String scheme, String location) {

  private static final Pattern FORM = Pattern.compile("\\$\\{(file|env):([^{}]+)}");

  /**
   * Reads a reference.
   *
   * @throws IllegalArgumentException if the text has another form; the text itself is not repeated,
   *     for it may be a secret that was put there by mistake
   */
  public static SecretReference parse(String text) {
    Matcher matcher = FORM.matcher(text.trim());
    if (!matcher.matches()) {
      throw new IllegalArgumentException(
          "must be ${file:PATH} or ${env:NAME}, not the secret itself");
    }
    return new SecretReference(matcher.group(1), matcher.group(2));
  }

  @Override
  public String toString() {
    return "${" + scheme + ":" + location + "}";
  }
}
