// SPDX-License-Identifier: Apache-2.0
package org.openekm.core;

import java.util.concurrent.atomic.AtomicBoolean;
import org.openekm.spi.event.AuditBatchCompleted;
import org.openekm.spi.event.BackendCallCompleted;
import org.openekm.spi.event.CallCompleted;
import org.openekm.spi.event.EkmListener;
import org.openekm.spi.event.TokenKeysRefreshed;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keeps what a listener throws away from the request that it hears of: a fault in somebody's
 * metrics must not refuse a call, and much less leave plaintext unwiped or the kill switch waiting.
 * The first fault is logged. Thread-safe.
 */
final class HarmlessListener implements EkmListener {

  private static final Logger LOG = LoggerFactory.getLogger(HarmlessListener.class);

  private final EkmListener delegate;
  private final AtomicBoolean logged = new AtomicBoolean();

  HarmlessListener(EkmListener delegate) {
    this.delegate = delegate;
  }

  @Override
  public void onCall(CallCompleted event) {
    shielded(() -> delegate.onCall(event));
  }

  @Override
  public void onBackendCall(BackendCallCompleted event) {
    shielded(() -> delegate.onBackendCall(event));
  }

  @Override
  public void onBreakerState(String backend, String state) {
    shielded(() -> delegate.onBreakerState(backend, state));
  }

  @Override
  public void onAuditBatch(AuditBatchCompleted event) {
    shielded(() -> delegate.onAuditBatch(event));
  }

  @Override
  public void onTokenKeys(TokenKeysRefreshed event) {
    shielded(() -> delegate.onTokenKeys(event));
  }

  @Override
  public void onRevision(long revision) {
    shielded(() -> delegate.onRevision(revision));
  }

  @Override
  public void onWarning(String code, String text) {
    shielded(() -> delegate.onWarning(code, text));
  }

  private void shielded(Runnable report) {
    try {
      report.run();
    } catch (RuntimeException | LinkageError e) {
      if (logged.compareAndSet(false, true)) {
        LOG.error("A listener failed; this is logged only once", e);
      }
    }
  }
}
