// SPDX-License-Identifier: Apache-2.0
package org.openekm.core;

import static org.assertj.core.api.Assertions.assertThat;
import static org.openekm.core.PlainEngine.ADMIN;
import static org.openekm.core.PlainEngine.ENCRYPT;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** A vault's switch for successful calls in the audit. */
class SuccessAuditTest {

  private final PlainEngine ekm = new PlainEngine();

  @AfterEach
  void close() {
    ekm.close();
  }

  @Test
  void switchedOff_successesAreLeftOut_refusalsAndAdministrationAreNot() {
    ekm.engine.admin().vaults().setAuditSuccess(ADMIN, "payments", false);
    assertThat(ekm.post(ekm.keyPath("/encrypt"), ENCRYPT).status()).isEqualTo(200);
    assertThat(ekm.sink.events("encrypt")).isEmpty();
    assertThat(ekm.post(ekm.keyPath("/encrypt"), "{}").status()).isEqualTo(400);
    assertThat(ekm.sink.events("encrypt")).hasSize(1);
    assertThat(ekm.sink.events("vault.set-audit-success")).hasSize(1);
  }

  @Test
  void switchedOnAgain_theNextSuccessIsRecorded() {
    ekm.engine.admin().vaults().setAuditSuccess(ADMIN, "payments", false);
    ekm.engine.admin().vaults().setAuditSuccess(ADMIN, "payments", true);
    assertThat(ekm.post(ekm.keyPath("/encrypt"), ENCRYPT).status()).isEqualTo(200);
    assertThat(ekm.sink.events("encrypt")).hasSize(1);
  }
}
