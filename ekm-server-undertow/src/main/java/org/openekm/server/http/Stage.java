// SPDX-License-Identifier: Apache-2.0
package org.openekm.server.http;

/**
 * One step on a call's way: hands it on to the next stage or answers it. Implementations are
 * thread-safe and don't block.
 */
@FunctionalInterface
interface Stage {

  /** Takes the call over. */
  void handle(Call call);
}
