// SPDX-License-Identifier: Apache-2.0
package org.openekm.spi.audit;

/**
 * Proof that events were kept.
 *
 * @param sequence the number of the last event, from 1 on, without gaps
 * @param chainHash the sink's hash over all events up to this one, in hexadecimal; empty if it
 *     keeps none
 */
public record AuditReceipt(long sequence, String chainHash) {}
