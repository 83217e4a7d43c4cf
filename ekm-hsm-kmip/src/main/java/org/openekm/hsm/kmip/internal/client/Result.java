// SPDX-License-Identifier: Apache-2.0
package org.openekm.hsm.kmip.internal.client;

import java.util.Optional;
import org.openekm.hsm.kmip.internal.ttlv.Ttlv;

/**
 * What came of one item.
 *
 * @param done what it gave, if it succeeded
 * @param refused why it did not, otherwise
 */
public record Result(Optional<Ttlv> done, Optional<RefusedException> refused) {

  static Result of(Ttlv payload) {
    return new Result(Optional.of(payload), Optional.empty());
  }

  static Result of(RefusedException refused) {
    return new Result(Optional.empty(), Optional.of(refused));
  }

  /**
   * Returns what it gave.
   *
   * @throws RefusedException if it did not succeed
   */
  public Ttlv payload() {
    return done.orElseThrow(
        () -> refused.orElseThrow(() -> new IllegalStateException("neither done nor refused")));
  }
}
