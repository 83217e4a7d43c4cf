// SPDX-License-Identifier: Apache-2.0
package org.openekm.api;

import java.net.InetAddress;
import java.util.Optional;

/**
 * What goes along with every operation.
 *
 * @param requestId the request, for audit and log
 * @param client who calls; already checked by a token verifier
 * @param source the address of the calling socket, absent inside one process
 * @param deadline when the answer must be out
 */
public record CallContext(
    RequestId requestId, VerifiedClient client, Optional<InetAddress> source, Deadline deadline) {}
