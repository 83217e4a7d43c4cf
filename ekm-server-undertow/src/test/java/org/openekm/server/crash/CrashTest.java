// SPDX-License-Identifier: Apache-2.0
package org.openekm.server.crash;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.openekm.core.audit.AuditReport;
import org.openekm.core.audit.AuditVerifier;
import tools.jackson.databind.JsonNode;

/**
 * Kills the server with SIGKILL in the middle of work, again and again. After each restart every
 * acknowledged change must be there, every acknowledged ciphertext readable, and the audit chain
 * whole.
 */
class CrashTest {

  private static final int ROUNDS = 5;
  private static final int LEAST_STEPS = 6;
  private static final int MORE_STEPS = 30;

  @TempDir Path folder;
  private final ExecutorService threads = Executors.newCachedThreadPool();

  @AfterEach
  void stop() {
    threads.shutdownNow();
  }

  /** What the server has acknowledged. */
  private static final class Acknowledged {
    final Map<String, String> currentVersions = new LinkedHashMap<>();
    final Map<String, Boolean> blocked = new LinkedHashMap<>();
    final List<Sealed> ciphertexts = new ArrayList<>();
    final List<String> requestIds = new ArrayList<>();
    final AtomicInteger steps = new AtomicInteger();
  }

  private record Sealed(String key, String decryptBody, String plaintext) {}

  @Test
  @Timeout(value = 240)
  void killMinusNine_inALoopOfWork_losesNothingAcknowledged() throws Exception {
    Random random = new Random(20261122);
    Acknowledged acknowledged = new Acknowledged();
    try (CrashedServer server = CrashedServer.prepare(folder)) {
      for (int round = 0; round < ROUNDS; round++) {
        server.start();
        if (round == 0) {
          server.addVault();
        }
        checkEverything(server, acknowledged);
        String prefix = "r" + round + "-";
        Future<?> work = threads.submit(() -> workUntilKilled(server, acknowledged, prefix));
        int target = acknowledged.steps.get() + LEAST_STEPS + random.nextInt(MORE_STEPS);
        Awaitility.await()
            .pollInterval(Duration.ofMillis(1))
            .atMost(Duration.ofSeconds(30))
            .until(() -> acknowledged.steps.get() >= target);
        server.kill();
        work.get(30, TimeUnit.SECONDS);
        checkAudit(acknowledged);
      }
      server.start();
      checkEverything(server, acknowledged);
      server.kill();
    }
    assertThat(acknowledged.currentVersions.size()).isGreaterThanOrEqualTo(ROUNDS);
    assertThat(acknowledged.ciphertexts.size()).isGreaterThanOrEqualTo(ROUNDS);
  }

  /**
   * Notes a change only once its answer is there, so that what the kill cut off counts as not
   * acknowledged.
   */
  private static void workUntilKilled(CrashedServer server, Acknowledged done, String prefix) {
    try {
      for (int i = 0; ; i++) {
        String name = prefix + i;
        JsonNode made = i % 3 == 2 ? server.importKey(name) : server.createKey(name);
        String key = made.path("externalKeyId").asString();
        done.currentVersions.put(key, made.path("currentVersion").asString());
        done.blocked.put(key, false);
        done.steps.incrementAndGet();
        String requestId = "req-" + name;
        JsonNode encrypted = server.encrypt(key, requestId, "AAEC");
        done.ciphertexts.add(new Sealed(key, CrashedServer.decryptBody(encrypted), "AAEC"));
        done.requestIds.add(requestId);
        done.steps.incrementAndGet();
        // Until the answer is there, either version and either state is right.
        done.currentVersions.remove(key);
        done.currentVersions.put(
            key, server.keyAction(key, "rotate").path("currentVersion").asString());
        done.steps.incrementAndGet();
        if (i % 2 == 0) {
          done.blocked.remove(key);
          done.blocked.put(key, server.keyAction(key, "block").path("blocked").asBoolean());
          done.steps.incrementAndGet();
        }
      }
    } catch (CrashedServer.Gone e) {
      // The kill: what was under way has not been acknowledged.
      return;
    }
  }

  private static void checkEverything(CrashedServer server, Acknowledged acknowledged) {
    acknowledged.currentVersions.forEach(
        (key, version) ->
            assertThat(server.key(key).path("currentVersion").asString())
                .as(key)
                .isEqualTo(version));
    acknowledged.blocked.forEach(
        (key, blocked) ->
            assertThat(server.key(key).path("blocked").asBoolean()).as(key).isEqualTo(blocked));
    for (Sealed sealed : acknowledged.ciphertexts) {
      boolean blocked = server.key(sealed.key()).path("blocked").asBoolean();
      if (blocked) {
        assertThat(server.decryptStatus(sealed.key(), sealed.decryptBody())).isEqualTo(403);
      } else {
        assertThat(server.decrypt(sealed.key(), sealed.decryptBody()))
            .isEqualTo(sealed.plaintext());
      }
    }
  }

  private void checkAudit(Acknowledged acknowledged) throws Exception {
    Path audit = folder.resolve("ekm/audit");
    AuditReport report = AuditVerifier.verify(List.of(audit));
    assertThat(report.verdict())
        .as(report.findings().toString())
        .isNotEqualTo(AuditReport.Verdict.BROKEN);
    StringBuilder text = new StringBuilder();
    try (var files = Files.list(audit)) {
      for (Path file : files.toList()) {
        text.append(Files.readString(file));
      }
    }
    for (String requestId : acknowledged.requestIds) {
      assertThat(text.toString()).contains("\"" + requestId + "\"");
    }
  }
}
