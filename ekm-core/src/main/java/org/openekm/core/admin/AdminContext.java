// SPDX-License-Identifier: Apache-2.0
package org.openekm.core.admin;

import static java.util.Objects.requireNonNull;

import java.net.InetAddress;
import java.util.Optional;
import org.openekm.api.RequestId;

/**
 * Who wants a change.
 *
 * @param actor the administrator's name, already checked by the caller; goes to the audit
 * @param requestId the request
 * @param source the address that the administrator comes from; absent inside the process
 */
public record AdminContext(String actor, RequestId requestId, Optional<InetAddress> source) {

  /** Checks that nothing is null. */
  public AdminContext {
    requireNonNull(actor, "actor");
    requireNonNull(requestId, "requestId");
    requireNonNull(source, "source");
  }
}
