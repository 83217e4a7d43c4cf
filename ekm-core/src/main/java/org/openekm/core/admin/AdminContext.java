// SPDX-License-Identifier: Apache-2.0
package org.openekm.core.admin;

import static java.util.Objects.requireNonNull;

import java.net.InetAddress;
import java.util.Optional;
import org.openekm.api.RequestId;

/**
 * Who wants something of administration.
 *
 * @param identity who it is, as {@link AdminAccess} or the embedder has found out
 * @param requestId the request
 * @param source the address that the administrator comes from; absent inside the process
 * @param approval what others have signed for this; absent if nobody has to
 */
public record AdminContext(
    AdminIdentity identity,
    RequestId requestId,
    Optional<InetAddress> source,
    Optional<Approval> approval) {

  /** Checks that nothing is null. */
  public AdminContext {
    requireNonNull(identity, "identity");
    requireNonNull(requestId, "requestId");
    requireNonNull(source, "source");
    requireNonNull(approval, "approval");
  }

  /** Makes the context of what nobody else has approved. */
  public AdminContext(AdminIdentity identity, RequestId requestId, Optional<InetAddress> source) {
    this(identity, requestId, source, Optional.empty());
  }

  /** Returns the same context with what others have signed. */
  public AdminContext withApproval(Approval value) {
    return new AdminContext(identity, requestId, source, Optional.of(value));
  }

  /** Returns the administrator's name; goes to the audit. */
  public String actor() {
    return identity.actor();
  }
}
