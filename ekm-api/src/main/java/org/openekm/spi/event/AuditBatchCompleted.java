// SPDX-License-Identifier: Apache-2.0
package org.openekm.spi.event;

/**
 * A batch of audit events has been made durable, or not.
 *
 * @param events how many
 * @param durable false if the sink failed
 * @param nanos how long it took
 */
public record AuditBatchCompleted(int events, boolean durable, long nanos) {}
