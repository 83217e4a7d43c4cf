// SPDX-License-Identifier: Apache-2.0
package org.openekm.core.admin;

import static java.util.Objects.requireNonNull;

import java.util.Optional;
import org.openekm.spi.store.AdministratorRecord.Permission;

/**
 * Something to grant, or to take away.
 *
 * @param permission what
 * @param vault the name or id of a vault; absent for everything
 */
public record NewGrant(Permission permission, Optional<String> vault) {

  /** Checks that nothing is null. */
  public NewGrant {
    requireNonNull(permission, "permission");
    requireNonNull(vault, "vault");
  }
}
