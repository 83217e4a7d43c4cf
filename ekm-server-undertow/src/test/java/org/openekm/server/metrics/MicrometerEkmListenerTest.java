// SPDX-License-Identifier: Apache-2.0
package org.openekm.server.metrics;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.openekm.api.EkmErrorCode;
import org.openekm.api.Operation;
import org.openekm.spi.event.AuditBatchCompleted;
import org.openekm.spi.event.BackendCallCompleted;
import org.openekm.spi.event.CallCompleted;
import org.openekm.spi.event.TokenKeysRefreshed;

class MicrometerEkmListenerTest {

  private final ServerMetrics metrics = new ServerMetrics();

  @AfterEach
  void close() {
    metrics.close();
  }

  @Test
  void calls_areTimedByOperationAndCode() {
    MicrometerEkmListener listener = metrics.listener();
    listener.onCall(new CallCompleted(Optional.of(Operation.ENCRYPT), Optional.empty(), 2_000_000));
    listener.onCall(new CallCompleted(Optional.of(Operation.ENCRYPT), Optional.empty(), 4_000_000));
    listener.onCall(
        new CallCompleted(
            Optional.of(Operation.DECRYPT), Optional.of(EkmErrorCode.KEY_BLOCKED), 1_000));
    assertThat(metrics.scrape())
        .contains(
            "ekm_calls_seconds_count{code=\"OK\",operation=\"ENCRYPT\"} 2",
            "ekm_calls_seconds_sum{code=\"OK\",operation=\"ENCRYPT\"} 0.006",
            "ekm_calls_seconds_bucket{code=\"OK\",operation=\"ENCRYPT\",le=\"0.7\"} 2",
            "ekm_calls_seconds_count{code=\"KEY_BLOCKED\",operation=\"DECRYPT\"} 1");
  }

  @Test
  void backend_callsAndBreaker_areShownByName() {
    MicrometerEkmListener listener = metrics.listener();
    listener.onBackendCall(new BackendCallCompleted("hsm", "encrypt", "timed-out", 1_000));
    listener.onBreakerState("hsm", "OPEN");
    assertThat(metrics.scrape())
        .contains(
            "ekm_backend_calls_seconds_count{backend=\"hsm\",call=\"encrypt\",outcome=\"timed-out\"} 1",
            "ekm_backend_breaker_open{backend=\"hsm\"} 1",
            "ekm_backend_breaker_changes_total{backend=\"hsm\",state=\"OPEN\"} 1");
    listener.onBreakerState("hsm", "CLOSED");
    assertThat(metrics.scrape()).contains("ekm_backend_breaker_open{backend=\"hsm\"} 0");
  }

  @Test
  void audit_tokenKeysRevisionAndWarnings_areShown() {
    MicrometerEkmListener listener = metrics.listener();
    listener.onAuditBatch(new AuditBatchCompleted(7, true, 1_000));
    listener.onAuditBatch(new AuditBatchCompleted(3, false, 1_000));
    listener.onTokenKeys(new TokenKeysRefreshed("issuer-1", 2, true));
    listener.onTokenKeys(new TokenKeysRefreshed("issuer-1", 2, false));
    listener.onRevision(42);
    listener.onWarning("disk", "almost full");
    assertThat(metrics.scrape())
        .contains(
            "ekm_audit_events_total 7",
            "ekm_audit_batches_seconds_count{outcome=\"failed\"} 1",
            "ekm_token_keys{issuer=\"issuer-1\"} 2",
            "ekm_token_keys_refreshes_total{issuer=\"issuer-1\",outcome=\"failed\"} 1",
            "ekm_catalog_revision 42",
            "ekm_warnings_total{code=\"disk\"} 1");
  }
}
