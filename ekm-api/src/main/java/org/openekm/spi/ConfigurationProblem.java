// SPDX-License-Identifier: Apache-2.0
package org.openekm.spi;

/**
 * One thing wrong in a configuration.
 *
 * @param field the dotted path of the setting, such as {@code backends.hsm.token-label}
 * @param problem what is wrong; never contains a secret
 * @param hint what to do about it
 */
public record ConfigurationProblem(String field, String problem, String hint) {

  /** Returns the same problem with a prefix before the field's path. */
  public ConfigurationProblem under(String prefix) {
    return new ConfigurationProblem(prefix + "." + field, problem, hint);
  }

  @Override
  public String toString() {
    return field + ": " + problem + " (" + hint + ")";
  }
}
