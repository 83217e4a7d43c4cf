// SPDX-License-Identifier: Apache-2.0
package org.openekm.core.admin;

import java.util.Locale;
import java.util.Set;
import org.openekm.spi.store.AdministratorRecord.Permission;

/** What a use case does, and so what an administrator must have been granted for it. */
public enum AdminVerb {
  /** Shows. */
  VIEW(Permission.VIEW),
  /** Adds. */
  CREATE(Permission.CREATE),
  /** Changes. */
  UPDATE(Permission.UPDATE),
  /** Removes or destroys, now or later. */
  DELETE(Permission.DELETE),
  /** Makes a new key version or credential. */
  ROTATE(Permission.ROTATE),
  /** Blocks or unblocks. */
  BLOCK(Permission.BLOCK);

  private final Permission permission;

  AdminVerb(Permission permission) {
    this.permission = permission;
  }

  /** Returns the verb that a permission belongs to. */
  static AdminVerb of(Permission permission) {
    return switch (permission) {
      case VIEW -> VIEW;
      case CREATE -> CREATE;
      case UPDATE -> UPDATE;
      case DELETE -> DELETE;
      case ROTATE -> ROTATE;
      case BLOCK, BLOCK_ONLY -> BLOCK;
    };
  }

  /** Returns the permissions any of which suffices. */
  Set<Permission> permissions() {
    return Set.of(permission);
  }

  /** Returns the verb as commands and answers spell it. */
  public String word() {
    return name().toLowerCase(Locale.ROOT);
  }
}
