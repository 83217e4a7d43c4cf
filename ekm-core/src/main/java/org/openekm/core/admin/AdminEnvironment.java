// SPDX-License-Identifier: Apache-2.0
package org.openekm.core.admin;

import java.security.SecureRandom;
import java.time.InstantSource;
import java.util.Optional;
import org.openekm.api.NanoClock;
import org.openekm.core.audit.AuditLog;
import org.openekm.core.backend.BackendRegistry;
import org.openekm.core.catalog.ChangeBarrier;
import org.openekm.core.catalog.KeyCatalog;
import org.openekm.spi.event.EkmListener;
import org.openekm.spi.policy.PolicyEngine;

/**
 * The parts of the core that administration works with.
 *
 * @param catalog where changes are committed
 * @param barrier holds back the acknowledgement of what takes access away
 * @param audit where every change and every refusal is written
 * @param backends where key material lives
 * @param memory what is remembered from one use case to the next
 * @param approvals what others have to approve
 * @param policies reads policies before they are stored
 * @param listener hears of what needs an operator
 * @param clock the wall clock
 * @param nanoClock the monotonic clock
 * @param random the source of ids
 * @param guard the condition of the request that the use cases are made for; absent if they are for
 *     everybody
 */
public record AdminEnvironment(
    KeyCatalog catalog,
    ChangeBarrier barrier,
    AuditLog audit,
    BackendRegistry backends,
    AdminMemory memory,
    ApprovalPolicy approvals,
    PolicyEngine policies,
    EkmListener listener,
    InstantSource clock,
    NanoClock nanoClock,
    SecureRandom random,
    Optional<ChangeGuard> guard) {

  /** Returns the same parts for one request alone. */
  AdminEnvironment under(ChangeGuard requestGuard) {
    return new AdminEnvironment(
        catalog,
        barrier,
        audit,
        backends,
        memory,
        approvals,
        policies,
        listener,
        clock,
        nanoClock,
        random,
        Optional.of(requestGuard));
  }

  /** Returns the same parts for what the server does by itself, whoever's request set it off. */
  AdminEnvironment unguarded() {
    return new AdminEnvironment(
        catalog,
        barrier,
        audit,
        backends,
        memory,
        approvals,
        policies,
        listener,
        clock,
        nanoClock,
        random,
        Optional.empty());
  }
}
