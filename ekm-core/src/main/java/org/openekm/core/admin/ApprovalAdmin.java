// SPDX-License-Identifier: Apache-2.0
package org.openekm.core.admin;

import java.time.Duration;
import java.util.Optional;
import org.openekm.core.catalog.KeyEntry;

/**
 * Makes the requests that approvers sign. Making one changes nothing.
 *
 * <p>Thread-safe. Every method throws {@link AdminException}: FORBIDDEN, NOT_FOUND, INVALID,
 * WRONG_STATE if the server asks nobody for approval of the action, or UNAVAILABLE.
 */
public final class ApprovalAdmin {

  private final AdminEnvironment environment;
  private final AdminDesk desk;
  private final ApprovalDesk approvals;

  ApprovalAdmin(AdminEnvironment environment) {
    this.environment = environment;
    this.desk = new AdminDesk(environment);
    this.approvals = new ApprovalDesk(environment);
  }

  ApprovalAdmin under(ChangeGuard guard) {
    return new ApprovalAdmin(environment.under(guard));
  }

  /**
   * Makes the request for an action on a key. Takes the verb of the action.
   *
   * @param validFor 1 minute to 24 hours
   */
  public ApprovalRequest forKey(
      AdminContext context, ApprovedAction action, String key, Duration validFor) {
    Act act = new Act("approval.request", action.verb());
    return desk.view(
        context,
        act,
        now -> {
          KeyEntry entry = Lookup.keyOf(act, now, key);
          return approvals.request(
              action, entry.record().vault(), Optional.of(entry.record().id()), validFor);
        });
  }

  /**
   * Makes the request to unblock a vault.
   *
   * @param validFor 1 minute to 24 hours
   */
  public ApprovalRequest forVault(AdminContext context, String vault, Duration validFor) {
    Act act = new Act("approval.request", ApprovedAction.UNBLOCK.verb());
    return desk.view(
        context,
        act,
        now ->
            approvals.request(
                ApprovedAction.UNBLOCK,
                Lookup.vaultOf(act, now, vault).record().id(),
                Optional.empty(),
                validFor));
  }
}
