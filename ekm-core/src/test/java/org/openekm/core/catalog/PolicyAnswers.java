// SPDX-License-Identifier: Apache-2.0
package org.openekm.core.catalog;

import java.util.Optional;
import java.util.Set;
import org.openekm.api.Operation;
import org.openekm.api.VerifiedClient;
import org.openekm.spi.policy.AccessRequest;
import org.openekm.spi.policy.Decision;
import org.openekm.spi.policy.Policy;

/** Asks policies about one plain encryption. */
final class PolicyAnswers {

  private PolicyAnswers() {}

  static AccessRequest request() {
    VerifiedClient client =
        new VerifiedClient(
            "client", Optional.empty(), Set.of("aud"), Set.of("oci_ekms"), Records.TIME);
    return new AccessRequest(
        Operation.ENCRYPT,
        client,
        Records.vaultId(1),
        Optional.of(Records.keyId(1)),
        Optional.empty(),
        Records.TIME);
  }

  static Decision of(Policy policy) {
    return policy.decide(request());
  }
}
