// SPDX-License-Identifier: Apache-2.0
package org.openekm.core;

import static org.assertj.core.api.Assertions.assertThat;
import static org.openekm.core.PlainEngine.ADMIN;
import static org.openekm.core.PlainEngine.ENCRYPT;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.openekm.core.EngineFixture.Answer;
import org.openekm.spi.audit.AuditEvent;
import org.openekm.spi.policy.Decision;
import org.openekm.spi.policy.PolicyEngine;
import org.openekm.testkit.fake.BackendFault;
import org.openekm.testkit.fake.FaultyKeyBackend.Call;

/** What exchangeable parts throw that is neither a refusal nor an exception. */
class CallFaultTest {

  private static final String BOMB = "bomb";

  // a policy language of one word: "bomb" overflows the stack, anything else allows
  private final PolicyEngine policies =
      source ->
          request -> {
            if (source.equals(BOMB)) {
              throw new StackOverflowError("a policy that recurses");
            }
            return Decision.allow("all");
          };
  private final PlainEngine ekm = new PlainEngine(builder -> builder.policyEngine(policies));

  @AfterEach
  void close() {
    ekm.close();
  }

  @Test
  void encrypt_policyThatThrowsAnError_is500AndAuditedAndNothingIsEncrypted() {
    ekm.engine.admin().vaults().setPolicy(ADMIN, "payments", BOMB);

    Answer answer = ekm.post(ekm.keyPath("/encrypt"), ENCRYPT).answer();

    assertThat(answer.error()).isEqualTo("500 Internal error.");
    assertThat(ekm.backend.calls(Call.ENCRYPT)).isZero();
    AuditEvent event = ekm.sink.events("encrypt").get(0);
    assertThat(event.outcome()).isEqualTo("INTERNAL");
    assertThat(event.details()).containsEntry("reason", "StackOverflowError");
  }

  @Test
  void encrypt_errorAtTheSecondLook_leavesNoPlaceInTheGateBehind() throws Exception {
    ekm.backend.failNext(Call.ENCRYPT, 1, BackendFault.hang());
    CompletableFuture<Answer> inFlight =
        CompletableFuture.supplyAsync(() -> ekm.post(ekm.keyPath("/encrypt"), ENCRYPT).answer());
    Awaitility.await().until(() -> ekm.backend.hanging() == 1);
    ekm.engine.admin().vaults().setPolicy(ADMIN, "payments", BOMB);
    ekm.backend.release();

    assertThat(inFlight.get(10, TimeUnit.SECONDS).status()).isEqualTo(500);
    CompletableFuture<Boolean> block =
        CompletableFuture.supplyAsync(
            () -> ekm.engine.admin().keys().block(ADMIN, ekm.keyId()).blocked());
    assertThat(block.get(8, TimeUnit.SECONDS)).isTrue();
  }

  @Test
  void encrypt_verifierThatThrowsSomethingElse_is500AndNeverLetsIn() {
    AtomicReference<RuntimeException> fault =
        new AtomicReference<>(new IllegalStateException("db password opensesame"));
    try (PlainEngine broken =
        new PlainEngine(
            builder ->
                builder.tokenVerifier(
                    (issuer, token) -> {
                      throw fault.get();
                    }))) {
      Answer answer = broken.post(broken.keyPath("/encrypt"), ENCRYPT).answer();

      assertThat(answer.error()).isEqualTo("500 Internal error.");
      assertThat(broken.sink.events("encrypt").get(0).toString()).doesNotContain("opensesame");
      assertThat(broken.backend.calls(Call.ENCRYPT)).isZero();
    }
  }
}
