// SPDX-License-Identifier: Apache-2.0
package org.openekm.spi.store;

import static java.util.Objects.requireNonNull;

import java.util.UUID;
import org.openekm.api.VaultId;

/**
 * The identifier of an administrator: a UUID, written in lower case with hyphens.
 *
 * @param value the UUID
 */
public record AdministratorId(UUID value) {

  /** Checks that the value is there. */
  public AdministratorId {
    requireNonNull(value, "value");
  }

  /**
   * Reads an identifier in upper or lower case.
   *
   * @throws IllegalArgumentException if the text is not a UUID of 36 characters
   */
  public static AdministratorId parse(String text) {
    return new AdministratorId(VaultId.parse(text).value());
  }

  @Override
  public String toString() {
    return value.toString();
  }
}
