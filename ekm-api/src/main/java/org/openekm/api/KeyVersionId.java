// SPDX-License-Identifier: Apache-2.0
package org.openekm.api;

import static java.util.Objects.requireNonNull;

import java.util.UUID;

/**
 * The identifier of a key version: a UUID, written in lower case with hyphens.
 *
 * @param value the UUID
 */
public record KeyVersionId(UUID value) {

  /** Checks that the value is there. */
  public KeyVersionId {
    requireNonNull(value, "value");
  }

  /**
   * Reads an identifier in upper or lower case.
   *
   * @throws IllegalArgumentException if the text is not a UUID of 36 characters
   */
  public static KeyVersionId parse(String text) {
    return new KeyVersionId(Uuids.parse(text, "key version id"));
  }

  @Override
  public String toString() {
    return value.toString();
  }
}
