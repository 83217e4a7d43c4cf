// SPDX-License-Identifier: Apache-2.0
package org.openekm.spi.event;

/**
 * Hears of what the core does. Methods are called on request threads: they must be quick,
 * thread-safe and must not throw. Every method does nothing unless overridden, and more may be
 * added.
 */
public interface EkmListener {

  /** A call of OCI has been answered. */
  default void onCall(CallCompleted event) {}

  /** A backend has been called. */
  default void onBackendCall(BackendCallCompleted event) {}

  /**
   * A circuit breaker in front of a backend has changed: {@code CLOSED}, {@code OPEN} or {@code
   * HALF_OPEN}.
   */
  default void onBreakerState(String backend, String state) {}

  /** A batch of audit events has been made durable, or not. */
  default void onAuditBatch(AuditBatchCompleted event) {}

  /** The set of token keys of an issuer has been fetched, or not. */
  default void onTokenKeys(TokenKeysRefreshed event) {}

  /** The catalog now serves this revision. */
  default void onRevision(long revision) {}

  /** Something needs an operator soon; the text says what and what to do. */
  default void onWarning(String code, String text) {}
}
