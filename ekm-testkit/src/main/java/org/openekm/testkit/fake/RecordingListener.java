// SPDX-License-Identifier: Apache-2.0
package org.openekm.testkit.fake;

import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.openekm.spi.event.AuditBatchCompleted;
import org.openekm.spi.event.BackendCallCompleted;
import org.openekm.spi.event.CallCompleted;
import org.openekm.spi.event.EkmListener;
import org.openekm.spi.event.TokenKeysRefreshed;

/** Remembers everything that the core tells, each kind in its order. Thread-safe. */
public final class RecordingListener implements EkmListener {

  /** A change of a circuit breaker. */
  public record BreakerState(String backend, String state) {}

  /** A warning. */
  public record Warning(String code, String text) {}

  private final Queue<CallCompleted> calls = new ConcurrentLinkedQueue<>();
  private final Queue<BackendCallCompleted> backendCalls = new ConcurrentLinkedQueue<>();
  private final Queue<BreakerState> breakerStates = new ConcurrentLinkedQueue<>();
  private final Queue<AuditBatchCompleted> auditBatches = new ConcurrentLinkedQueue<>();
  private final Queue<TokenKeysRefreshed> tokenKeys = new ConcurrentLinkedQueue<>();
  private final Queue<Long> revisions = new ConcurrentLinkedQueue<>();
  private final Queue<Warning> warnings = new ConcurrentLinkedQueue<>();

  /** Returns the answered calls so far. */
  public List<CallCompleted> calls() {
    return List.copyOf(calls);
  }

  /** Returns the calls to backends so far. */
  public List<BackendCallCompleted> backendCalls() {
    return List.copyOf(backendCalls);
  }

  /** Returns the changes of circuit breakers so far. */
  public List<BreakerState> breakerStates() {
    return List.copyOf(breakerStates);
  }

  /** Returns the audit batches so far. */
  public List<AuditBatchCompleted> auditBatches() {
    return List.copyOf(auditBatches);
  }

  /** Returns the fetches of token keys so far. */
  public List<TokenKeysRefreshed> tokenKeys() {
    return List.copyOf(tokenKeys);
  }

  /** Returns the served revisions so far. */
  public List<Long> revisions() {
    return List.copyOf(revisions);
  }

  /** Returns the warnings so far. */
  public List<Warning> warnings() {
    return List.copyOf(warnings);
  }

  /** Returns the codes of the warnings so far. */
  public List<String> warningCodes() {
    return warnings.stream().map(Warning::code).toList();
  }

  @Override
  public void onCall(CallCompleted event) {
    calls.add(event);
  }

  @Override
  public void onBackendCall(BackendCallCompleted event) {
    backendCalls.add(event);
  }

  @Override
  public void onBreakerState(String backend, String state) {
    breakerStates.add(new BreakerState(backend, state));
  }

  @Override
  public void onAuditBatch(AuditBatchCompleted event) {
    auditBatches.add(event);
  }

  @Override
  public void onTokenKeys(TokenKeysRefreshed event) {
    tokenKeys.add(event);
  }

  @Override
  public void onRevision(long revision) {
    revisions.add(revision);
  }

  @Override
  public void onWarning(String code, String text) {
    warnings.add(new Warning(code, text));
  }
}
