// SPDX-License-Identifier: Apache-2.0
/**
 * The record of every call and change: kept before the caller gets an answer, in a form that shows
 * later tampering.
 *
 * <p>{@link org.openekm.core.audit.AuditLog} stands between request threads and an audit sink;
 * {@link org.openekm.core.audit.FileAuditSink} writes hash-chained files; {@link
 * org.openekm.core.audit.AuditVerifier} checks them.
 */
@NullMarked
package org.openekm.core.audit;

import org.jspecify.annotations.NullMarked;
