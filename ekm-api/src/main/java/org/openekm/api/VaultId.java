// SPDX-License-Identifier: Apache-2.0
package org.openekm.api;

import static java.util.Objects.requireNonNull;

import java.util.UUID;

/**
 * The identifier of a vault: a UUID, written in lower case with hyphens.
 *
 * @param value the UUID
 */
public record VaultId(UUID value) {

  /** Checks that the value is there. */
  public VaultId {
    requireNonNull(value, "value");
  }

  /**
   * Reads an identifier in upper or lower case.
   *
   * @throws IllegalArgumentException if the text is not a UUID of 36 characters
   */
  public static VaultId parse(String text) {
    return new VaultId(Uuids.parse(text, "vault id"));
  }

  @Override
  public String toString() {
    return value.toString();
  }
}
