// SPDX-License-Identifier: Apache-2.0
package org.openekm.core.endpoint;

import org.openekm.api.Deadline;

/**
 * Answers the calls of OCI External KMS: route, token, catalog, policy, backend, audit, answer.
 *
 * <p>Thread-safe. The calling thread blocks until the answer is ready, at most until a little past
 * the deadline; it must not be an I/O thread. Never throws: every failure is a response.
 */
@FunctionalInterface
public interface EkmEndpoint {

  /**
   * Answers one request.
   *
   * @param request the request; its body is wiped
   * @param deadline when the answer must be out, counted from when the server accepted the request
   */
  EkmResponse handle(EkmRequest request, Deadline deadline);
}
