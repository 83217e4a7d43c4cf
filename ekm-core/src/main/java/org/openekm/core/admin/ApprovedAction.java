// SPDX-License-Identifier: Apache-2.0
package org.openekm.core.admin;

import java.util.Locale;
import java.util.Optional;

/** What several people may have to approve. */
public enum ApprovedAction {
  /** To unblock a key or a vault. */
  UNBLOCK(AdminVerb.BLOCK),
  /** To destroy a key, now or after a waiting period. */
  DESTROY(AdminVerb.DELETE);

  private final AdminVerb verb;

  ApprovedAction(AdminVerb verb) {
    this.verb = verb;
  }

  /** Returns the verb that the action takes. */
  public AdminVerb verb() {
    return verb;
  }

  /** Returns the action as requests and settings spell it. */
  public String word() {
    return name().toLowerCase(Locale.ROOT);
  }

  /** Returns the action of a word; absent if there is none. */
  public static Optional<ApprovedAction> of(String word) {
    for (ApprovedAction each : values()) {
      if (each.word().equals(word)) {
        return Optional.of(each);
      }
    }
    return Optional.empty();
  }
}
