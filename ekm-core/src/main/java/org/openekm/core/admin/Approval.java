// SPDX-License-Identifier: Apache-2.0
package org.openekm.core.admin;

import static java.util.Objects.requireNonNull;

import java.util.List;
import org.openekm.api.Bytes;

/**
 * What approvers have signed.
 *
 * @param request the text of the request, as {@link ApprovalRequest#text} gives it
 * @param signatures Ed25519 signatures over the UTF-8 bytes of the text, in any order
 */
public record Approval(String request, List<Bytes> signatures) {

  /** Copies the list. */
  public Approval {
    requireNonNull(request, "request");
    signatures = List.copyOf(signatures);
  }
}
