// SPDX-License-Identifier: Apache-2.0
package org.openekm.core.admin;

import static java.util.Objects.requireNonNull;

import java.util.UUID;
import org.openekm.spi.store.AdministratorId;

/**
 * Who an administrator has proved to be. Says nothing of what they may do: that is looked up at
 * each decision, so that what was taken away doesn't work any more.
 */
public sealed interface AdminIdentity {

  /** Returns the name for the audit. */
  String actor();

  /**
   * May do everything: the holder of the credential in the server's configuration, or the program
   * that embeds the engine and has decided itself.
   *
   * @param actor the name for the audit
   */
  record Root(String actor) implements AdminIdentity {

    /** Checks that the name is there. */
    public Root {
      requireNonNull(actor, "actor");
    }
  }

  /**
   * May do what the administrator's record grants.
   *
   * @param id the administrator
   * @param credential the credential that proved it; without it in the record nothing is granted
   * @param actor the administrator's name
   */
  record Administrator(AdministratorId id, UUID credential, String actor) implements AdminIdentity {

    /** Checks that nothing is null. */
    public Administrator {
      requireNonNull(id, "id");
      requireNonNull(credential, "credential");
      requireNonNull(actor, "actor");
    }
  }

  /** Returns the identity that may do everything. */
  static AdminIdentity root(String actor) {
    return new Root(actor);
  }
}
