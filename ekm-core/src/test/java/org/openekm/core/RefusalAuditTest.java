// SPDX-License-Identifier: Apache-2.0
package org.openekm.core;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.openekm.core.EngineFixture.Answer;
import org.openekm.core.audit.AuditLogConfig;
import org.openekm.testkit.fake.FakeKeyBackend;

/** How long a refusal waits for its place in the audit. */
class RefusalAuditTest {

  private static final AuditLogConfig PATIENT =
      new AuditLogConfig(
          AuditLogConfig.defaults().queueCapacity(),
          Duration.ofSeconds(5),
          AuditLogConfig.defaults().maxBatch());

  private final ExecutorService threads = Executors.newSingleThreadExecutor();
  private final EngineFixture ekm = new EngineFixture(new FakeKeyBackend(), PATIENT);

  @AfterEach
  void close() {
    ekm.sink.recover();
    threads.shutdownNow();
    ekm.close();
  }

  @Test
  void refusal_auditSlowerThanTheGraceButWithinTheConfiguredWait_staysTheRefusal()
      throws Exception {
    ekm.sink.hang();
    Future<Answer> refused =
        threads.submit(
            () -> ekm.call("GET", ekm.keyPath("/metadata"), "", Optional.of("Bearer nonsense")));
    Awaitility.await().until(() -> ekm.sink.hanging() == 1);
    Awaitility.await().pollDelay(Duration.ofMillis(120)).until(() -> true);
    ekm.sink.recover();

    assertThat(refused.get(10, TimeUnit.SECONDS).status()).isEqualTo(401);
  }
}
