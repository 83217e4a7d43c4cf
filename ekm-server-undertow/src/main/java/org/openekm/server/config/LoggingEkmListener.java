// SPDX-License-Identifier: Apache-2.0
package org.openekm.server.config;

import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.openekm.spi.event.AuditBatchCompleted;
import org.openekm.spi.event.BackendCallCompleted;
import org.openekm.spi.event.CallCompleted;
import org.openekm.spi.event.EkmListener;
import org.openekm.spi.event.TokenKeysRefreshed;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Writes to the log what an operator should see, and passes everything on. Thread-safe. */
final class LoggingEkmListener implements EkmListener {

  private static final Logger LOG = LoggerFactory.getLogger("org.openekm.events");

  private final EkmListener next;
  private final Set<String> troubled = ConcurrentHashMap.newKeySet();

  LoggingEkmListener(EkmListener next) {
    this.next = next;
  }

  @Override
  public void onCall(CallCompleted event) {
    next.onCall(event);
  }

  @Override
  public void onBackendCall(BackendCallCompleted event) {
    next.onBackendCall(event);
  }

  @Override
  public void onBreakerState(String backend, String state) {
    if (!state.equals("CLOSED")) {
      troubled.add(backend);
      LOG.warn("backend {} fails too often: its circuit breaker is {}", backend, state);
    } else if (troubled.remove(backend)) {
      LOG.info("backend {} works again", backend);
    }
    next.onBreakerState(backend, state);
  }

  @Override
  public void onAuditBatch(AuditBatchCompleted event) {
    if (!event.durable()) {
      LOG.error(
          "{} audit events could not be written; nothing is answered without them: check disk and sink",
          event.events());
    }
    next.onAuditBatch(event);
  }

  @Override
  public void onTokenKeys(TokenKeysRefreshed event) {
    if (!event.succeeded()) {
      LOG.warn("the token keys of issuer {} could not be fetched", event.issuer());
    }
    next.onTokenKeys(event);
  }

  @Override
  public void onRevision(long revision) {
    LOG.debug("serving revision {}", revision);
    next.onRevision(revision);
  }

  @Override
  public void onWarning(String code, String text) {
    LOG.warn("{}: {}", code, text);
    next.onWarning(code, text);
  }
}
