// SPDX-License-Identifier: Apache-2.0
package org.openekm.core.internal.call;

import org.openekm.core.audit.AuditLog;
import org.openekm.core.backend.BackendRegistry;
import org.openekm.core.catalog.AnswerGate;
import org.openekm.core.catalog.FirstUses;
import org.openekm.core.catalog.KeyCatalog;
import org.openekm.core.catalog.KeyUsageCounter;

/**
 * What both doors to the operations share: the one for callers in the process and the one for HTTP.
 */
public final class CallKernel {

  private final KeyCatalog catalog;
  private final CallEnvironment environment;
  private final AccessGuard guard;
  private final AuditedCalls calls;
  private final KeyOperations operations;

  /**
   * Makes the kernel.
   *
   * @param sealRandomBytes true to encrypt random bytes under the key as well
   */
  public CallKernel(Parts parts, CallEnvironment environment, boolean sealRandomBytes) {
    this.catalog = parts.catalog();
    this.environment = environment;
    this.guard = new AccessGuard(parts.catalog(), environment);
    this.calls =
        new AuditedCalls(guard, parts.gate(), parts.audit(), parts.firstUses(), environment);
    this.operations =
        new KeyOperations(parts.backends(), parts.usage(), environment, sealRandomBytes);
  }

  KeyCatalog catalog() {
    return catalog;
  }

  CallEnvironment environment() {
    return environment;
  }

  AccessGuard guard() {
    return guard;
  }

  AuditedCalls calls() {
    return calls;
  }

  KeyOperations operations() {
    return operations;
  }

  /**
   * The parts of the core that calls go through.
   *
   * @param catalog vaults and keys
   * @param gate holds changes back until older answers are out
   * @param usage counts encryptions
   * @param backends where keys live
   * @param audit where calls are recorded
   * @param firstUses is told what OCI uses
   */
  public record Parts(
      KeyCatalog catalog,
      AnswerGate gate,
      KeyUsageCounter usage,
      BackendRegistry backends,
      AuditLog audit,
      FirstUses firstUses) {}
}
